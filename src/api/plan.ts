import { Type, type Static } from 'typebox'
import { PlanEffect } from './plan-effect.ts'
import { Id, Nullable, OneOf, ref, Time } from './schema.ts'

const changeActions = [
  'create',
  'update',
  'delete',
  'publish',
  'unpublish',
  'activate',
  'run',
  'none',
] as const

export const Change = Type.Object(
  {
    key: Type.String(),
    kind: Type.String(),
    title: Type.String(),
    action: OneOf(changeActions),
    before: Nullable(Type.String({ description: 'The version that is live; null where it is not there' })),
    after: Nullable(Type.String()),
    undo: OneOf(['restore', 'unpublish', 'none_needed', 'impossible']),
    fault: Type.Optional(Type.Object({ code: Type.String(), reason: Type.String() })),
    warning: Type.Optional(
      Type.Object(
        { code: Type.String(), reason: Type.String() },
        { description: 'What somebody should know before; it is made all the same' },
      ),
    ),
    conflict: Type.Optional(Type.Object({ reason: Type.String() })),
    dragged: Type.Optional(
      Type.Boolean({ description: 'Nobody asked for it, but something that was asked for stands on it' }),
    ),
  },
  { $id: 'Change' },
)
export type Change = Static<typeof Change>

export const Plan = Type.Object(
  {
    id: Id('pln'),
    digest: Type.String({ description: 'Plans with the same digest do the same from the same state' }),
    environment_id: Id('env'),
    release_id: Id('rel'),
    revision_id: Id('rev'),
    deployment_id: Nullable(Id('dep'), { description: 'The deployment that it was made for' }),
    rolls_back: Nullable(Id('dep')),
    stale: Type.Boolean({ description: 'Something else is live by now: deployed as it is, it would fail' }),
    counts: Type.Record(Type.String(), Type.Integer(), { description: 'Changes by action, and faulty ones' }),
    irreversible: Type.Array(ref(Change), { description: 'What nothing can put back' }),
    faults: Type.Array(ref(Change), { description: 'What cannot be done' }),
    warnings: Type.Array(ref(Change), {
      description: 'What somebody should know before: an older version in the place of a newer one',
    }),
    conflicts: Type.Array(ref(Change), {
      description: 'What is left as it is, since something else changed it',
    }),
    changes: Type.Array(ref(Change), { description: 'All of them, in their order' }),
    needs_approval: Nullable(Type.String(), {
      description: 'Why it asks for approval itself, where it does',
    }),
    effects: Type.Array(ref(PlanEffect), { description: 'What it does inside its items: the first hundred' }),
    effects_next: Nullable(Type.String(), {
      description: 'Where more of them begin: `after` of /plans/{id}/effects; null where these are all',
    }),
    created_at: Time,
  },
  {
    $id: 'Plan',
    description: 'What a deployment would change, in its order. It comes whole, however long it is.',
  },
)
export type Plan = Static<typeof Plan>
