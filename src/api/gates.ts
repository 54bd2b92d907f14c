import { Type, type Static } from 'typebox'
import { Blocker } from './problem.ts'
import { Exactly, Id, Nullable, OneOf, ref, Time } from './schema.ts'

/** Said to somebody who reads it at night: never left out, never empty. */
const SaidReason = Type.String({
  minLength: 1,
  maxLength: 2000,
  pattern: '\\S',
  description: 'Why; kept with the event',
})
const LiftReason = Type.Optional(SaidReason)

const overridable = ['lock', 'freeze', 'hold', 'parent', 'pick', 'approval'] as const

export const Override = Exactly(
  {
    gates: Type.Array(OneOf(overridable), {
      minItems: 1,
      maxItems: overridable.length,
      description: 'Set aside for this deployment alone. A schedule and a busy environment cannot be',
    }),
    reason: SaidReason,
  },
  { description: 'Needs the right gate.override; no agent has it' },
)
export type Override = Static<typeof Override>

/** `plan_digest`: of the plan that was looked at. Another one by now answers 409 plan_stale. */
const PlanDigest = Type.String({
  pattern: '^sha256:[0-9a-f]{64}$',
  description: 'The digest of the plan that was looked at',
})

export const ApprovalRequest = Exactly({ plan_digest: PlanDigest, reason: LiftReason })
export const RejectionRequest = Exactly({ plan_digest: PlanDigest, reason: LiftReason })

export const Approval = Type.Object(
  {
    user_id: Id('usr'),
    user_name: Type.String(),
    verdict: OneOf(['approved', 'rejected']),
    plan_digest: Type.String(),
    current: Type.Boolean({ description: 'Whether it is about the plan that the deployment has now' }),
    reason: Nullable(Type.String()),
    at: Time,
  },
  { $id: 'Approval' },
)
export type Approval = Static<typeof Approval>

export const Gate = Type.Object(
  {
    code: OneOf(['schedule', 'lock', 'freeze', 'hold', 'parent', 'pick', 'approval', 'busy']),
    open: Type.Boolean(),
    detail: Type.String(),
    who: Type.String({ description: 'Who can open it; empty where it is open' }),
    opens_at: Nullable(Type.String({ description: 'When it opens by itself at the earliest' })),
  },
  { $id: 'Gate' },
)

export const Why = Type.Object(
  {
    at: Time,
    open: Type.Boolean({ description: 'Whether it would start at this moment' }),
    gates: Type.Array(ref(Gate), {
      description: 'Every gate, open ones too, in the order in which they are asked',
    }),
    blockers: Type.Array(ref(Blocker), { description: 'The shut ones' }),
    opens_at: Nullable(Time, {
      description: 'The first moment from `at` on when all are open; null where somebody’s hand is needed',
    }),
    place: Type.Integer({ description: 'How many deployments are before it in the environment' }),
    approvals: Type.Object({ needed: Type.Integer(), given: Type.Integer() }),
  },
  { $id: 'Why' },
)
export type Why = Static<typeof Why>

const window = {
  rrule: Type.String({
    minLength: 1,
    maxLength: 300,
    description:
      'RFC 5545, by the day or coarser: FREQ=WEEKLY;BYDAY=FR. Days come from it, the time from `start`',
  }),
  start: Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description: 'Local time of day: 17:00' }),
  duration_minutes: Type.Integer({
    minimum: 1,
    maximum: 86_400,
    description: 'Elapsed minutes, at most 60 days',
  }),
  time_zone: Type.String({ minLength: 1, maxLength: 64, description: 'Of the IANA database: Europe/Paris' }),
}

export const Freeze = Type.Object(
  {
    id: Id('frz'),
    project_id: Id('prj'),
    environment_id: Nullable(Id('env')),
    environment_name: Nullable(Type.String({ description: 'Null: every environment of the project' })),
    kind: OneOf(['window', 'emergency']),
    name: Type.String(),
    rrule: Nullable(Type.String()),
    start: Nullable(Type.String()),
    duration_minutes: Nullable(Type.Integer()),
    time_zone: Nullable(Type.String()),
    starts_on: Nullable(Type.String({ description: 'Nothing is frozen before this day' })),
    reason: Nullable(Type.String()),
    expires_at: Nullable(Time),
    origin: OneOf(['configuration', 'request']),
    in_force: Type.Boolean({ description: 'Whether it freezes anything now' }),
    until: Nullable(Time, {
      description: 'When it ends, if it is in force and ends by itself within a year',
    }),
    created_by: Nullable(Id('usr')),
    created_at: Time,
    lifted_at: Nullable(Time),
    lifted_by: Nullable(Id('usr')),
    lift_reason: Nullable(Type.String()),
  },
  { $id: 'Freeze' },
)
export type Freeze = Static<typeof Freeze>

/** Not a union: who forgets a field is told which. */
export const NewFreeze = Exactly({
  kind: OneOf(['window', 'emergency'], {
    description: 'An emergency stop stands at once, wants a reason and takes no rule; a window recurs',
  }),
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' })),
  reason: LiftReason,
  expires_at: Type.Optional(Time),
  rrule: Type.Optional(window.rrule),
  start: Type.Optional(window.start),
  duration_minutes: Type.Optional(window.duration_minutes),
  time_zone: Type.Optional(window.time_zone),
  starts_on: Type.Optional(
    Type.String({ format: 'date', description: 'RFC 5545’s DTSTART; today there, when left out' }),
  ),
})
export type NewFreeze = Static<typeof NewFreeze>

export const LiftRequest = Exactly({ reason: SaidReason })

export const Hold = Type.Object(
  {
    id: Id('hld'),
    environment_id: Id('env'),
    revision_ids: Type.Array(Id('rev'), { description: 'What was rolled back from' }),
    deployment_id: Nullable(Id('dep'), { description: 'The rollback that named it last' }),
    reason: Nullable(Type.String()),
    created_by: Nullable(Id('usr')),
    created_at: Time,
    released_at: Nullable(Time),
    release_reason: Nullable(Type.String()),
  },
  { $id: 'Hold' },
)
export type Hold = Static<typeof Hold>
