import { removeExpiredIdempotencyKeys } from '#store/idempotency-key.ts'
import type { House } from '../context.ts'

const batch = 5000

/** Forgets the keys of more than 24 hours ago, a batch at a time. For the sweep. @returns how many */
export async function pruneKeys({ db, now }: House): Promise<number> {
  let removed = 0
  for (;;) {
    const some = await removeExpiredIdempotencyKeys(db, now(), batch)
    removed += some
    if (some < batch) return removed
  }
}
