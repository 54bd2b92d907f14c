import { Type, type Static } from 'typebox'
import { Override } from './gates.ts'
import { Blocker, Conflict } from './problem.ts'
import { Exactly, Id, Nullable, OneOf, Reason, ref, Time } from './schema.ts'

export const deploymentStates = [
  'requested',
  'queued',
  'planning',
  'awaiting_approval',
  'applying',
  'canceling',
  'invalid',
  'expired',
  'unchanged',
  'planned',
  'rejected',
  'succeeded',
  'partly_succeeded',
  'failed',
  'canceled',
] as const

const reportedStatuses = [
  'pending',
  'in_progress',
  'canceling',
  'unknown',
  'success',
  'failure',
  'error',
  'canceled',
] as const

export const Deployment = Type.Object(
  {
    id: Id('dep'),
    number: Type.Integer({ description: 'A small name for it, by which clients of other APIs know it' }),
    request_id: Id('req'),
    project_id: Id('prj'),
    environment_id: Id('env'),
    environment_name: Type.String(),
    release_id: Id('rel'),
    release_name: Type.String({ description: 'Empty for a release made for this deployment alone' }),
    revision_id: Id('rev'),
    revision_number: Type.Integer(),
    from_revision_id: Nullable(Id('rev'), {
      description: 'What was all that was live when it was asked for, where one revision was',
    }),
    plan_id: Nullable(Id('pln')),
    rolls_back: Nullable(Id('dep')),
    deploys_plan: Nullable(Id('pln'), { description: 'The plan that it has to apply as it is' }),
    retries: Nullable(Id('dep'), { description: 'The deployment whose failed items it takes up again' }),
    state: OneOf(deploymentStates),
    driver: OneOf(['engine', 'inline', 'caller'], {
      description: 'Who moves it: Headgate, the request itself, or whoever asked for it and reports',
    }),
    reported: Nullable(OneOf(reportedStatuses), {
      description: 'What the caller of a caller-driven one said last',
    }),
    dry_run: Type.Boolean(),
    forced: Type.Boolean(),
    refresh: Type.Boolean({ description: 'Whether what really is there is looked at first' }),
    allow_destroy: Type.Boolean(),
    trace_id: Nullable(Type.String({ description: 'By which whoever asked finds it again' })),
    source_commit: Nullable(Type.String({ description: 'The commit that the blueprint was read at' })),
    on_item_failure: OneOf(['stop', 'continue']),
    selected: Nullable(Type.Integer(), { description: 'How many items were selected; null: all of them' }),
    due_at: Nullable(Time),
    reason: Nullable(Type.String()),
    failure_code: Nullable(Type.String()),
    failure_detail: Nullable(Type.String()),
    counts: Type.Record(Type.String(), Type.Integer(), { description: 'Items by what became of them' }),
    blockers: Type.Array(ref(Blocker), { description: 'Why it goes no further, while it waits' }),
    approval: Nullable(
      Type.Object({ needed: Type.Integer(), given: Type.Integer(), expires_at: Nullable(Time) }),
      { description: 'Null where nobody has to agree to its plan, and once it has gone on' },
    ),
    plan_digest: Nullable(Type.String({ description: 'What an approval is bound to' })),
    cause: OneOf(['person', 'schedule', 'agent', 'automation'], { description: 'Who wants it' }),
    allowed_actions: Type.Array(OneOf(['approve', 'reject', 'cancel', 'override', 'roll_back', 'retry'])),
    requested_by: Nullable(Id('usr')),
    requested_at: Time,
    queued_at: Nullable(Time),
    started_at: Nullable(Time),
    finished_at: Nullable(Time),
    version: Type.Integer(),
  },
  { $id: 'Deployment' },
)
export type Deployment = Static<typeof Deployment>

const WaitOrRefuse = OneOf(['wait', 'refuse'])

const Misfire = Exactly({
  policy: OneOf(['run', 'skip'], {
    description: 'What to do when its time passed while it could not start',
  }),
  late_by_at_most_seconds: Type.Optional(Nullable(Type.Integer({ minimum: 0, maximum: 2_147_483_647 }))),
})

/** What a request is answered with. */
export const RequestedDeployment = Type.Object(
  {
    ...Deployment.properties,
    warnings: Type.Array(
      Type.Object({
        key: Type.String(),
        title: Type.String(),
        code: Type.Literal('older_than_live'),
        here: Nullable(Type.String({ description: 'The version that is to be deployed' })),
        there: Nullable(Type.String({ description: 'The later version that is live' })),
      }),
      { description: 'Items whose later versions are live now, at most 100: they would be overwritten' },
    ),
  },
  { $id: 'RequestedDeployment' },
)
export type RequestedDeployment = Static<typeof RequestedDeployment>

export const DeploymentRequest = Exactly({
  release: Type.Optional(
    Id(
      'rel',
      'What to deploy: a release, or else a plan; of infrastructure neither: its blueprint as it is now',
    ),
  ),
  plan: Type.Optional(
    Id('pln', 'A stored plan for this environment: exactly that is applied, or it fails with plan_stale'),
  ),
  revision: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 2_147_483_647,
      description: 'The number of a revision of the release, instead of the release as it is now',
    }),
  ),
  items: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 300 }), {
      minItems: 1,
      maxItems: 10_000,
      description: 'Keys of the items to deploy; all of the release when left out',
    }),
  ),
  force: Type.Optional(Type.Boolean({ description: 'Deploy what is live already, too' })),
  refresh: Type.Optional(
    Type.Boolean({
      description: 'Of infrastructure: look at what really is there first; true when left out',
    }),
  ),
  allow_destroy: Type.Optional(Type.Boolean({ description: 'Of infrastructure: it may destroy' })),
  destroy_all: Type.Optional(Type.Boolean({ description: 'Of infrastructure: everything goes' })),
  trace_id: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'By which it is found again' }),
  ),
  scheduled_at: Type.Optional(Time),
  misfire: Type.Optional(Misfire),
  dry_run: Type.Optional(Type.Boolean({ description: 'Stop at the plan' })),
  when_busy: Type.Optional(WaitOrRefuse),
  when_shut: Type.Optional(WaitOrRefuse),
  on_item_failure: Type.Optional(
    OneOf(['stop', 'continue'], { description: 'stop: one item that cannot be deployed and none is' }),
  ),
  override: Type.Optional(Override),
  reason: Type.Optional(Reason),
})
export type DeploymentRequest = Static<typeof DeploymentRequest>

export const RollbackRequest = Exactly({
  deployment: Type.Optional(Id('dep')),
  allow_destroy: Type.Optional(
    Type.Boolean({ description: 'Of infrastructure: what came since may be destroyed' }),
  ),
  candidate: Type.Optional(
    Type.String({
      ...{ minLength: 1, maxLength: 300, examples: ['2026.11.21-1-rc1'] },
      description: 'Of code: what to go back to, by its version. What ran before when left out',
    }),
  ),
  scheduled_at: Type.Optional(Time),
  misfire: Type.Optional(Misfire),
  dry_run: Type.Optional(Type.Boolean({ description: 'Stop at the plan, which can be deployed as it is' })),
  when_busy: Type.Optional(WaitOrRefuse),
  when_shut: Type.Optional(WaitOrRefuse),
  on_item_failure: Type.Optional(OneOf(['stop', 'continue'])),
  override: Type.Optional(Override),
  reason: Type.Optional(Reason),
})
export type RollbackRequest = Static<typeof RollbackRequest>

export const Rollback = Type.Object({ deployment: ref(Deployment), conflicts: Type.Array(ref(Conflict)) })
export type Rollback = Static<typeof Rollback>

export const RetryRequest = Exactly({
  dry_run: Type.Optional(Type.Boolean()),
  when_busy: Type.Optional(WaitOrRefuse),
  when_shut: Type.Optional(WaitOrRefuse),
  reason: Type.Optional(Reason),
})
export type RetryRequest = Static<typeof RetryRequest>

export const DeploymentReport = Exactly({
  status: OneOf(reportedStatuses, { description: 'How it stands; any may follow any' }),
  reason: Type.Optional(Reason),
})
export type DeploymentReport = Static<typeof DeploymentReport>

export const CancelRequest = Exactly({ reason: Type.Optional(Reason) })
export type CancelRequest = Static<typeof CancelRequest>

export const DeploymentItem = Type.Object(
  {
    key: Type.String(),
    kind: Type.String(),
    title: Type.String(),
    action: Type.String(),
    before: Nullable(Type.String()),
    after: Nullable(Type.String()),
    outcome: OneOf(['done', 'unchanged', 'failed', 'left']),
    uncertain: Type.Boolean({ description: 'It may have been half done' }),
    code: Nullable(Type.String()),
    reason: Nullable(Type.String()),
  },
  { $id: 'DeploymentItem' },
)
export type DeploymentItem = Static<typeof DeploymentItem>
