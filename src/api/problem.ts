import { Type, type Static } from 'typebox'
import { Nullable, OneOf } from './schema.ts'

/** A gate that is shut. */
export const Blocker = Type.Object(
  {
    code: OneOf(['schedule', 'lock', 'freeze', 'hold', 'parent', 'pick', 'approval', 'busy']),
    detail: Type.String(),
    who: Type.String({ description: 'Who can open it' }),
    opens_at: Nullable(Type.String({ description: 'When it opens by itself at the earliest' })),
  },
  { $id: 'Blocker' },
)
export type Blocker = Static<typeof Blocker>

export const Conflict = Type.Object(
  {
    key: Type.String(),
    title: Type.String(),
    expected: Nullable(Type.String({ description: 'The version that the deployment left' })),
    found: Nullable(Type.String({ description: 'The version that is live now' })),
  },
  { $id: 'Conflict', description: 'An item that something else changed since: listed, and left' },
)
export type Conflict = Static<typeof Conflict>

const problemCodes = [
  'unauthenticated',
  'forbidden',
  'throttled',
  'unavailable',
  'not_found',
  'already_exists',
  'invalid',
  'version_conflict',
  'release_locked',
  'release_deployed',
  'blocked',
  'not_possible_now',
  'nothing_to_roll_back',
  'in_use',
  'limit_reached',
  'too_large',
  'malformed',
  'repository_unreachable',
  'plan_stale',
  'idempotency_key_reused',
  'idempotency_key_busy',
  'idempotency_key_done',
  'rate_limited',
  'internal',
] as const

/** RFC 9457. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'urn:headgate:problem: and the code' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.Optional(Type.String()),
    code: OneOf(problemCodes),
    request_id: Type.String({ description: 'Also sent as x-request-id; the log has it' }),
    faults: Type.Optional(
      Type.Array(
        Type.Object({
          field: Type.String({ description: 'Where: items.3.key, query.limit' }),
          fault: OneOf(['required', 'not_unique', 'invalid', 'too_long', 'too_many', 'unknown', 'immutable']),
          detail: Type.String(),
        }),
      ),
    ),
    blockers: Type.Optional(Type.Array(Blocker, { description: 'The gates that are shut' })),
    conflicts: Type.Optional(Type.Array(Conflict)),
    retry_after_seconds: Type.Optional(Type.Integer()),
  },
  { $id: 'Problem', description: 'RFC 9457' },
)
export type Problem = Static<typeof Problem>
