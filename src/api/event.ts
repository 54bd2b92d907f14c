import { Type, type Static } from 'typebox'
import { Id, Nullable, OneOf, Time } from './schema.ts'

export const Event = Type.Object(
  {
    id: Id('evt'),
    at: Time,
    kind: Type.String(),
    project_id: Nullable(Id('prj')),
    environment_id: Nullable(Id('env')),
    subject_id: Nullable(Type.String({ description: 'What it happened to: a UUID' })),
    actor: Type.Object({
      kind: OneOf(['user', 'service', 'agent', 'system']),
      user_id: Nullable(Id('usr')),
      token_id: Nullable(Id('tok')),
      name: Type.String(),
    }),
    reason: Nullable(Type.String()),
    data: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
  },
  { $id: 'Event' },
)
export type Event = Static<typeof Event>

export const ChainVerdict = Type.Object(
  {
    whole: Type.Boolean(),
    length: Type.Optional(Type.Integer({ description: 'How many events are sealed' })),
    head: Type.Optional(
      Type.String({ description: 'The last hash: keep it, and hold the chain to it later' }),
    ),
    broken_at: Type.Optional(Type.Integer({ description: 'The first position that is wrong' })),
    detail: Type.Optional(Type.String()),
    unsealed: Type.Optional(Type.Integer({ description: 'How many events are not sealed yet' })),
    unsealed_since: Type.Optional(Nullable(Time)),
    verified_after: Type.Optional(
      Type.Integer({
        description: 'Everything after this position was recomputed; its own hash was believed',
      }),
    ),
    pruned: Type.Optional(
      Nullable(
        Type.Object(
          { up_to: Type.Integer(), at: Time, keep_days: Type.Integer() },
          { description: 'What went by policy: no event up to this position is kept' },
        ),
      ),
    ),
  },
  { $id: 'ChainVerdict' },
)
export type ChainVerdict = Static<typeof ChainVerdict>
