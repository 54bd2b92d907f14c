import type { LiveCandidate } from '#app/candidates/list-live-candidates.ts'
import { builder } from '../builder.ts'
import { byNumber, connect, pageCost, readPage } from '../connection.ts'
import { candidatesOf, emailOf, liveOf, newestOf } from '../reads.ts'
import {
  CandidateConnection,
  CandidateRef,
  DeploymentRef,
  EnvironmentRef,
  ProjectRef,
  ReleaseRef,
} from '../refs.ts'

const DeployedTo = builder.objectRef<LiveCandidate>('ReleaseDeployedTo').implement({
  description: 'Where a release is live, by which candidate.',
  fields: (t) => ({
    environment: t.field({ type: EnvironmentRef, resolve: ({ environment_id }) => environment_id }),
    releaseCandidate: t.field({ type: CandidateRef, resolve: ({ candidate_id }) => candidate_id }),
    deployment: t.field({ type: DeploymentRef, resolve: ({ deployment_id }) => deployment_id }),
  }),
})

ReleaseRef.implement({
  description: 'What ships under one version: its candidates are commits, the newest its head.',
  fields: (t) => ({
    version: t.exposeString('name'),
    description: t.exposeString('description'),
    project: t.field({ type: ProjectRef, resolve: ({ project_id }) => project_id }),
    createdAt: t.expose('created_at', { type: 'DateTime' }),
    createdBy: t.string({
      nullable: true,
      description: 'An e-mail address; null for a schedule, or a token that belongs to nobody.',
      resolve: ({ created_by }, _, caller) => (created_by === null ? null : emailOf(caller, created_by)),
    }),
    headCommit: t.string({
      nullable: true,
      description: 'The commit of its newest candidate; null while that is picked.',
      resolve: async ({ id }, _, caller) => (await newestOf(caller, id))?.commit_sha,
    }),
    latestCandidate: t.field({
      type: CandidateRef,
      nullable: true,
      resolve: ({ id }, _, caller) => newestOf(caller, id),
    }),
    candidates: t.connection(
      {
        type: CandidateRef,
        description: 'Highest number first.',
        complexity: pageCost,
        resolve: async ({ id }, args, caller) => {
          const page = readPage(args, byNumber)
          return connect(await candidatesOf(caller, id, page), page, byNumber, (row) => row.number)
        },
      },
      CandidateConnection,
    ),
    deployedTo: t.field({
      type: [DeployedTo],
      complexity: { field: 1, multiplier: 5 },
      resolve: async ({ id, project_id }, _, caller) =>
        (await liveOf(caller, project_id)).filter(({ release_id }) => release_id === id),
    }),
  }),
})
