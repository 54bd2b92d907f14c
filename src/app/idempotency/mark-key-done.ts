import { DomainError } from '#domain/errors.ts'
import type { NewEvent } from '#domain/events.ts'
import type { Db } from '#store/database.ts'
import { moveIdempotencyKeyToDone, type KeyClaim } from '#store/idempotency-key.ts'

/**
 * In the transaction of what the key was sent for, so that both are there or neither is. Where a retry has taken the
 * key over meanwhile, everything is undone: throws `idempotency_key_busy`.
 */
export async function markKeyDone(
  { now }: { now(): Date },
  tx: Db,
  claim: KeyClaim,
  events: readonly NewEvent[],
): Promise<void> {
  const subjects = events.map(({ kind, subject_id }) => ({ kind, subject_id: subject_id ?? null }))
  const mine = await moveIdempotencyKeyToDone(tx, claim, { at: now(), events: subjects.slice(0, 20) })
  if (!mine) throw new DomainError('idempotency_key_busy', { key: claim.key, retry_after_seconds: 1 })
}
