import type { KeyClaim } from '#store/idempotency-key.ts'
import type { Context } from '../context.ts'

/** What a request was answered with. */
export interface KeptAnswer {
  status: number
  headers: Record<string, string>
  /** Null where it had none. */
  body: string | null
}

/** Answers may carry secrets that are shown once, so they lie in the store encrypted, each bound to its key. */
export function sealAnswer({ vault }: Context, claim: KeyClaim, answer: KeptAnswer): string {
  return vault.seal(JSON.stringify(answer), contextOf(claim))
}

export function openAnswer(
  { vault }: Context,
  claim: Pick<KeyClaim, 'caller_id' | 'key'>,
  sealed: string,
): KeptAnswer {
  return JSON.parse(vault.open(sealed, contextOf(claim))) as KeptAnswer
}

function contextOf({ caller_id, key }: Pick<KeyClaim, 'caller_id' | 'key'>): string {
  return `idempotency_key ${caller_id} ${key}`
}
