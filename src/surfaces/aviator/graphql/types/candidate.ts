import { byUuid, connect, pageCost, readPage } from '../connection.ts'
import { BuildStatus, buildWords, CandidateStateEnum } from '../enums.ts'
import { deploymentsOf, runUrl } from '../reads.ts'
import { CandidateRef, DeploymentConnection, DeploymentRef, ProjectRef, ReleaseRef } from '../refs.ts'

CandidateRef.implement({
  description: 'One commit under one version of a release, as it is deployed.',
  fields: (t) => ({
    databaseId: t.string({
      description: 'The id that workflows are given (`release_cut_id`).',
      resolve: ({ ordinal }) => String(ordinal),
    }),
    version: t.exposeString('version'),
    number: t.exposeInt('number'),
    release: t.field({ type: ReleaseRef, resolve: ({ release_id }) => release_id }),
    project: t.field({ type: ProjectRef, resolve: ({ project_id }) => project_id }),
    commit: t.exposeString('commit_sha', { nullable: true, description: 'Null while it is picked.' }),
    branch: t.exposeString('branch', { nullable: true, description: 'The branch that it has of its own.' }),
    base: t.field({
      type: CandidateRef,
      nullable: true,
      description: 'The candidate that it was picked on.',
      resolve: ({ base_id }) => base_id,
    }),
    state: t.field({ type: CandidateStateEnum, resolve: ({ state }) => state }),
    buildStatus: t.field({ type: BuildStatus, resolve: ({ state }) => buildWords[state] }),
    buildUrl: t.string({
      nullable: true,
      resolve: ({ build_run_id }, _, caller) => (build_run_id === null ? null : runUrl(caller, build_run_id)),
    }),
    errorMessage: t.exposeString('failure_detail', { nullable: true }),
    createdBy: t.exposeString('created_by_email', {
      nullable: true,
      description: 'An e-mail address; null for a schedule, or a token that belongs to nobody.',
    }),
    createdAt: t.expose('created_at', { type: 'DateTime' }),
    readyAt: t.expose('ready_at', { type: 'DateTime', nullable: true }),
    deployments: t.connection(
      {
        type: DeploymentRef,
        description: 'Newest first.',
        complexity: pageCost,
        resolve: async ({ revision_id }, args, caller) => {
          const page = readPage(args, byUuid)
          const rows = revision_id === null ? [] : await deploymentsOf(caller, revision_id, page)
          return connect(rows, page, byUuid, (row) => row.id)
        },
      },
      DeploymentConnection,
    ),
  }),
})
