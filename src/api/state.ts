import { Type, type Static } from 'typebox'
import { Exactly, Id, Nullable, Reason, ref, Time } from './schema.ts'

export const StateLock = Type.Object(
  {
    lock_id: Type.String({ description: 'By which it is let go of' }),
    operation: Nullable(Type.String({ description: 'As whoever holds it says' })),
    who: Nullable(Type.String()),
    created: Nullable(Type.String()),
    locked_at: Nullable(Time),
    deployment_id: Nullable(Id('dep'), { description: 'The deployment that holds it' }),
    run_id: Nullable(Id('run')),
    user_id: Nullable(Id('usr'), { description: 'Who took it with credentials of their own' }),
  },
  { $id: 'StateLock' },
)
export type StateLock = Static<typeof StateLock>

export const State = Type.Object(
  {
    version: Type.Integer({ description: 'Counts what was written and removed; 0: nothing ever' }),
    serial: Nullable(Type.Integer(), { description: 'Of Terraform. Null: there is no state' }),
    lineage: Nullable(Type.String()),
    bytes: Type.Integer(),
    updated_at: Nullable(Time),
    unposted: Nullable(
      Type.String({
        description: 'The digest of a state that a release could not post: nothing is planned until it is',
      }),
    ),
    lock: Nullable(ref(StateLock)),
  },
  { $id: 'State' },
)
export type State = Static<typeof State>

export const StateVersion = Type.Object(
  {
    version: Type.Integer(),
    serial: Nullable(Type.Integer(), { description: 'Null: the state was removed' }),
    lineage: Nullable(Type.String()),
    bytes: Type.Integer(),
    deployment_id: Nullable(Id('dep'), { description: 'The deployment that wrote it' }),
    run_id: Nullable(Id('run')),
    written_by: Nullable(Type.String({ description: 'Who wrote it by hand' })),
    at: Time,
  },
  { $id: 'StateVersion' },
)
export type StateVersion = Static<typeof StateVersion>

export const UnlockRequest = Exactly({
  lock_id: Type.String({ minLength: 1, maxLength: 255, description: 'Of the lock that is held' }),
  reason: Type.Optional(Reason),
})
export type UnlockRequest = Static<typeof UnlockRequest>

export const RescuedState = Exactly({
  blob: Type.String({
    pattern: '^[0-9a-f]{64}$',
    description: 'The digest that the failure of the release names',
  }),
  set_aside: Type.Optional(
    Type.Boolean({ description: 'It is not posted: the next release plans as if it had never been' }),
  ),
})
export type RescuedState = Static<typeof RescuedState>
