import { byUuid, connect, pageCost, readPage } from '../connection.ts'
import { EnvironmentTier, providerOf, WorkflowProvider } from '../enums.ts'
import { deploymentsTo, liveIn } from '../reads.ts'
import { CandidateRef, DeploymentConnection, DeploymentRef, EnvironmentRef, ProjectRef } from '../refs.ts'

const tiers = ['production', 'staging', 'development'] as const

EnvironmentRef.implement({
  description: 'Where releases of one project are deployed to.',
  fields: (t) => ({
    name: t.exposeString('name'),
    project: t.field({ type: ProjectRef, resolve: ({ project_id }) => project_id }),
    tier: t.field({
      type: EnvironmentTier,
      nullable: true,
      resolve: ({ tier }) => tiers.find((known) => known === tier?.toLowerCase()),
    }),
    parent: t.field({
      type: EnvironmentRef,
      nullable: true,
      description: 'What is deployed to before this.',
      resolve: ({ parent_id }) => parent_id,
    }),
    requiresParent: t.exposeBoolean('requires_parent', {
      description: 'Whether only what is live in its parent comes in.',
    }),
    autoPromote: t.exposeBoolean('auto_promote', {
      description: 'Whether what succeeds in its parent goes on to it by itself.',
    }),
    approvalsNeeded: t.exposeInt('approvals_needed'),
    deploymentProvider: t.field({
      type: WorkflowProvider,
      description: 'NOT_CONFIGURED: whoever deploys reports it.',
      resolve: ({ executor }) => providerOf(executor),
    }),
    createdAt: t.expose('created_at', { type: 'DateTime' }),
    currentReleaseCandidate: t.field({
      type: CandidateRef,
      nullable: true,
      description: 'What is live there.',
      resolve: async ({ id }, _, caller) => (await liveIn(caller, id))?.candidate_id,
    }),
    latestDeployment: t.field({
      type: DeploymentRef,
      nullable: true,
      resolve: async ({ id }, _, caller) =>
        (await deploymentsTo(caller, id, { limit: 1, backwards: false }))[0],
    }),
    deployments: t.connection(
      {
        type: DeploymentRef,
        description: 'Newest first.',
        complexity: pageCost,
        resolve: async ({ id }, args, caller) => {
          const page = readPage(args, byUuid)
          return connect(await deploymentsTo(caller, id, page), page, byUuid, (row) => row.id)
        },
      },
      DeploymentConnection,
    ),
  }),
})
