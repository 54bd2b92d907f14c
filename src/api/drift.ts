import { Type, type Static } from 'typebox'
import { Exactly, Id, Nullable, OneOf, Reason, Time, ref } from './schema.ts'

const AnyValue = Type.Unknown({ description: 'As JSON; null where it is not there, or where it is secret' })

export const DriftedThing = Type.Object(
  {
    item: Type.String({ description: 'The key of the item that it belongs to: `service/api`' }),
    address: Type.String({ description: 'Where Terraform finds it' }),
    action: OneOf(['update', 'delete'], { description: 'delete: it is gone' }),
    ignored: Type.Boolean({ description: 'All of it is ignored' }),
    attributes: Type.Array(
      Type.Object({
        attribute: Type.String({ examples: ['spec.ports[0].port'] }),
        before: AnyValue,
        after: AnyValue,
        sensitive: Type.Boolean({ description: 'Its values are not shown' }),
        ignored: Type.Boolean(),
      }),
      { description: 'As it was left, and as it was found' },
    ),
  },
  { $id: 'DriftedThing' },
)
export type DriftedThing = Static<typeof DriftedThing>

export const DriftCheck = Type.Object(
  {
    id: Id('drf'),
    outcome: OneOf(['clean', 'drifted', 'failed', 'skipped'], {
      description: 'skipped: nothing can be said, since a deployment was at it meanwhile',
    }),
    drifted: Type.Integer({ description: 'How many things drifted and are not ignored' }),
    ignored: Type.Integer({ description: 'How many drifted and are' }),
    items: Type.Array(ref(DriftedThing), { description: 'As many as are kept: the first 1000, or 256 kB' }),
    state_version: Nullable(Type.Integer(), { description: 'The state that was compared with' }),
    detail: Nullable(Type.String()),
    run_id: Nullable(Id('run')),
    deployment_id: Nullable(Id('dep'), { description: 'A release that put back what had drifted' }),
    at: Time,
  },
  { $id: 'DriftCheck', description: 'What was found when somebody looked' },
)
export type DriftCheck = Static<typeof DriftCheck>

export const Drift = Type.Object(
  {
    project: Type.String({ description: "The project's key" }),
    environment_id: Id('env'),
    environment: Type.String({ description: 'Its name' }),
    status: OneOf(['unknown', 'clean', 'drifted'], {
      description: 'By the newest check that says something, and by what is ignored now',
    }),
    drifted: Type.Integer(),
    ignored: Type.Integer(),
    outdated: Type.Boolean({ description: 'Something has written another state since' }),
    items: Type.Array(ref(DriftedThing), {
      description: 'As many as were kept; in a list of environments, the first 20 of each',
    }),
    checked_at: Nullable(Time, { description: 'When the newest check was that says something' }),
    check_id: Nullable(Id('drf')),
    last: Nullable(
      Type.Object({
        outcome: OneOf(['clean', 'drifted', 'failed', 'skipped']),
        detail: Nullable(Type.String()),
        at: Time,
      }),
      { description: 'The newest check of all' },
    ),
    run_id: Nullable(Id('run'), { description: 'A check that has not ended' }),
    schedule: Nullable(
      Type.Object({ cron: Type.String(), time_zone: Type.String(), next_at: Nullable(Time) }),
      {
        description: 'null: it is looked at only when somebody asks',
      },
    ),
  },
  { $id: 'Drift', description: 'Whether an environment is as it was left' },
)
export type Drift = Static<typeof Drift>

export const IgnoredDrift = Type.Object(
  {
    id: Id('ign'),
    item: Type.String(),
    address: Nullable(Type.String({ description: 'null: all of the item' })),
    attribute: Nullable(Type.String({ description: 'null: all of them' })),
    until: Nullable(Time, { description: 'null: until it is taken back' }),
    reason: Nullable(Type.String()),
    created_by: Nullable(Id('usr')),
    created_at: Time,
  },
  { $id: 'IgnoredDrift', description: 'Drift that is known and may stay' },
)
export type IgnoredDrift = Static<typeof IgnoredDrift>

const text = (most: number, description: string) =>
  Type.String({ minLength: 1, maxLength: most, description })

export const DriftIgnoreRequest = Exactly({
  item: text(300, 'The key of an item: `service/api`'),
  address: Type.Optional(text(1000, 'One thing in it, as Terraform calls it; all of them when left out')),
  attribute: Type.Optional(
    text(
      1000,
      'One attribute and what lies below it: `tags` is also `tags.owner`; all of them when left out',
    ),
  ),
  until: Type.Optional(Nullable(Time, { description: 'Until it is taken back, when left out' })),
  reason: Type.Optional(Reason),
})
export type DriftIgnoreRequest = Static<typeof DriftIgnoreRequest>

export const DriftRequest = Exactly({ reason: Type.Optional(Reason) })
export type DriftRequest = Static<typeof DriftRequest>

export const ReassertRequest = Exactly({
  all: Type.Optional(
    Type.Boolean({ description: 'Everything that is live, and not only what is known to have drifted' }),
  ),
  items: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 300 }), {
      ...{ minItems: 1, maxItems: 10_000 },
      description: 'Keys of items, whether they are known to have drifted or not',
    }),
  ),
  dry_run: Type.Optional(Type.Boolean({ description: 'Stop at the plan' })),
  when_shut: Type.Optional(OneOf(['wait', 'refuse'])),
  allow_destroy: Type.Optional(Type.Boolean({ description: 'Also where something has to be made anew' })),
  reason: Type.Optional(Reason),
})
export type ReassertRequest = Static<typeof ReassertRequest>
