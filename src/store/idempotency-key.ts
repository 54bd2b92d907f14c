import { sql, type Selectable } from 'kysely'
import type { JsonColumnWithDefault } from './columns.ts'
import type { Db } from './database.ts'

export interface IdempotencyKeyTable {
  caller_id: string
  key: string
  /** Who works on it: a new one with every claim, so that one who was given up for dead can finish nothing. */
  claim_id: string
  method: string
  path: string
  fingerprint: string
  claimed_until: Date
  done_at: Date | null
  done_events: JsonColumnWithDefault<DoneEvent[]>
  answered_at: Date | null
  /** Encrypted. */
  answer: string | null
  expires_at: Date
}

export type IdempotencyKeyRow = Selectable<IdempotencyKeyTable>

export interface DoneEvent {
  kind: string
  subject_id: string | null
}

/** A key that one request works under. */
export type KeyClaim = Pick<IdempotencyKeyRow, 'caller_id' | 'key' | 'claim_id'>

export type NewKeyClaim = KeyClaim &
  Pick<IdempotencyKeyRow, 'method' | 'path' | 'fingerprint' | 'claimed_until' | 'expires_at'>

/**
 * Takes the key for one request: where it is new, or expired, or was taken for the same request by somebody who did
 * nothing with it in time.
 *
 * @returns whether it was taken
 */
export async function claimIdempotencyKey(db: Db, row: NewKeyClaim, at: Date): Promise<boolean> {
  const taken = await db
    .insertInto('idempotency_key')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['caller_id', 'key'])
        .doUpdateSet({ ...row, done_at: null, done_events: '[]', answered_at: null, answer: null })
        .where((eb) =>
          eb.or([
            eb('idempotency_key.expires_at', '<=', at),
            eb.and([
              eb('idempotency_key.done_at', 'is', null),
              eb('idempotency_key.answered_at', 'is', null),
              eb('idempotency_key.claimed_until', '<=', at),
              eb('idempotency_key.method', '=', row.method),
              eb('idempotency_key.path', '=', row.path),
              eb('idempotency_key.fingerprint', '=', row.fingerprint),
            ]),
          ]),
        ),
    )
    .returning('claim_id')
    .executeTakeFirst()
  return taken !== undefined
}

export function findIdempotencyKey(
  db: Db,
  { caller_id, key }: Pick<KeyClaim, 'caller_id' | 'key'>,
): Promise<IdempotencyKeyRow | undefined> {
  return db
    .selectFrom('idempotency_key')
    .selectAll()
    .where('caller_id', '=', caller_id)
    .where('key', '=', key)
    .executeTakeFirst()
}

/** @returns false where another claim has taken its place */
export async function moveIdempotencyKeyToDone(
  db: Db,
  { caller_id, key, claim_id }: KeyClaim,
  { at, events }: { at: Date; events: readonly DoneEvent[] },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('idempotency_key')
    .set({
      done_at: at,
      done_events: sql<string>`done_events || ${sql.val(JSON.stringify(events))}::jsonb`,
    })
    .where('caller_id', '=', caller_id)
    .where('key', '=', key)
    .where('claim_id', '=', claim_id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function updateIdempotencyKeyAnswer(
  db: Db,
  { caller_id, key, claim_id }: KeyClaim,
  { at, answer }: { at: Date; answer: string },
): Promise<void> {
  await db
    .updateTable('idempotency_key')
    .set({ answered_at: at, answer })
    .where('caller_id', '=', caller_id)
    .where('key', '=', key)
    .where('claim_id', '=', claim_id)
    .execute()
}

/** Gives the key back where nothing was done under it. */
export async function removeIdempotencyClaim(db: Db, { caller_id, key, claim_id }: KeyClaim): Promise<void> {
  await db
    .deleteFrom('idempotency_key')
    .where('caller_id', '=', caller_id)
    .where('key', '=', key)
    .where('claim_id', '=', claim_id)
    .where('done_at', 'is', null)
    .execute()
}

/** The oldest first, at most `limit`. @returns how many */
export async function removeExpiredIdempotencyKeys(db: Db, at: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from idempotency_key where (caller_id, key) in (
      select caller_id, key from idempotency_key where expires_at <= ${at} order by expires_at limit ${limit}
    )
  `.execute(db)
  return Number(numAffectedRows)
}
