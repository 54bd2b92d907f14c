import { builder } from '../builder.ts'
import { DeploymentState, DeploymentStatus } from '../enums.ts'
import { candidateOfRevision, deploymentUrl, explained } from '../reads.ts'
import { CandidateRef, DeploymentRef, EnvironmentRef, ProjectRef } from '../refs.ts'
import { BlockerRef } from './blocker.ts'
import { statusWord } from '../../status.ts'

const PlanCount = builder.objectRef<{ outcome: string; count: number }>('PlanCount').implement({
  fields: (t) => ({ outcome: t.exposeString('outcome'), count: t.exposeInt('count') }),
})

DeploymentRef.implement({
  description: 'One attempt to bring a candidate to an environment.',
  fields: (t) => ({
    databaseId: t.string({
      description: 'The id that REST and workflows know it by (`deployment_id`).',
      resolve: ({ number }) => String(number),
    }),
    status: t.field({ type: DeploymentStatus, resolve: (row) => statusWord(row) }),
    state: t.field({ type: DeploymentState, resolve: ({ state }) => state }),
    actor: t.exposeString('requested_by_email', {
      nullable: true,
      description: 'The e-mail address of who asked; null for a schedule, or a token that belongs to nobody.',
    }),
    project: t.field({ type: ProjectRef, resolve: ({ project_id }) => project_id }),
    environment: t.field({ type: EnvironmentRef, resolve: ({ environment_id }) => environment_id }),
    releaseCandidate: t.field({
      type: CandidateRef,
      nullable: true,
      resolve: ({ revision_id }, _, caller) => candidateOfRevision(caller, revision_id),
    }),
    fromReleaseCandidate: t.field({
      type: CandidateRef,
      nullable: true,
      description: 'What was live when it was asked for.',
      resolve: ({ from_revision_id }, _, caller) =>
        from_revision_id === null ? null : candidateOfRevision(caller, from_revision_id),
    }),
    deployStartAt: t.expose('requested_at', { type: 'DateTime', description: 'When it was asked for.' }),
    startedAt: t.expose('started_at', { type: 'DateTime', nullable: true }),
    deployEndAt: t.expose('finished_at', { type: 'DateTime', nullable: true }),
    scheduledAt: t.expose('due_at', { type: 'DateTime', nullable: true }),
    errorMessage: t.exposeString('failure_detail', { nullable: true }),
    runUrl: t.string({
      nullable: true,
      resolve: ({ id }, _, caller) => deploymentUrl(caller, id),
    }),
    isRollback: t.boolean({ resolve: ({ rolls_back }) => rolls_back !== null }),
    isDryRun: t.exposeBoolean('dry_run'),
    reason: t.exposeString('reason', { nullable: true }),
    planCounts: t.field({
      type: [PlanCount],
      description: 'How many changes came to which end.',
      complexity: { field: 1, multiplier: 3 },
      resolve: ({ counts }) =>
        Object.entries(counts).flatMap(([outcome, count]) => (count > 0 ? { outcome, count } : [])),
    }),
    blockers: t.field({
      type: [BlockerRef],
      description: 'Why it goes no further, while it waits.',
      complexity: { field: 1, multiplier: 3 },
      resolve: async ({ id }, _, caller) => (await explained(caller, id))?.blockers ?? [],
    }),
    allowedActions: t.stringList({
      description: 'What can be asked of it now.',
      resolve: async ({ id }, _, caller) => (await explained(caller, id))?.allowed_actions ?? [],
    }),
  }),
})
