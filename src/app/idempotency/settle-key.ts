import { removeIdempotencyClaim, updateIdempotencyKeyAnswer, type KeyClaim } from '#store/idempotency-key.ts'
import type { Context } from '../context.ts'
import { sealAnswer, type KeptAnswer } from './kept-answer.ts'

/**
 * Keeps what the request was answered with. A fault of ours is no answer: the key is given back, unless the work
 * was done before the fault.
 */
export async function settleKey(ctx: Context, claim: KeyClaim, answer: KeptAnswer): Promise<void> {
  if (answer.status >= 500) return removeIdempotencyClaim(ctx.db, claim)
  const sealed = sealAnswer(ctx, claim, answer)
  await updateIdempotencyKeyAnswer(ctx.db, claim, { at: ctx.now(), answer: sealed })
}
