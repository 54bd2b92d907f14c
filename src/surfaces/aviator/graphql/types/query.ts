import { pageProjects } from '#app/projects/page-projects.ts'
import { builder } from '../builder.ts'
import { byKey, connect, pageCost, readPage } from '../connection.ts'
import { candidateNamed, deploymentNamed, projectNamed, releaseNamed } from '../lookups.ts'
import { CandidateRef, DeploymentRef, ProjectConnection, ProjectRef, ReleaseRef } from '../refs.ts'

builder.queryType({
  fields: (t) => ({
    releaseProject: t.field({
      type: ProjectRef,
      nullable: true,
      description: 'By its key or its name, case and all.',
      args: { name: t.arg.string({ required: true }) },
      resolve: (_root, { name }, caller) => projectNamed(caller, name),
    }),
    releaseProjects: t.connection(
      {
        type: ProjectRef,
        description: 'By key.',
        complexity: pageCost,
        resolve: async (_root, args, { ctx }) => {
          const page = readPage(args, byKey)
          return connect(await pageProjects(ctx, { kind: 'code', ...page }), page, byKey, (row) => row.key)
        },
      },
      ProjectConnection,
    ),
    release: t.field({
      type: ReleaseRef,
      nullable: true,
      args: { project: t.arg.string({ required: true }), version: t.arg.string({ required: true }) },
      resolve: async (_root, { project, version }, caller) => {
        const found = await projectNamed(caller, project)
        return found && releaseNamed(caller, found.id, version)
      },
    }),
    releaseCandidate: t.field({
      type: CandidateRef,
      nullable: true,
      description: 'By its version: `2026.11.21-1-rc2`.',
      args: { project: t.arg.string({ required: true }), version: t.arg.string({ required: true }) },
      resolve: async (_root, { project, version }, caller) => {
        const found = await projectNamed(caller, project)
        return found && candidateNamed(caller, found.id, version)
      },
    }),
    deployment: t.field({
      type: DeploymentRef,
      nullable: true,
      args: { id: t.arg.id({ required: true }) },
      resolve: (_root, { id }) => deploymentNamed(id),
    }),
  }),
})
