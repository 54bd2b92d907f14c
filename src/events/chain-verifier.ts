import { DomainError } from '#domain/errors.ts'
import type { Db } from '#store/database.ts'
import { verifyChain, type ChainVerdict } from './verify-chain.ts'

/** `last`: from where this process found it whole the last time. */
export type VerifyFrom = number | 'last' | undefined

/**
 * Verifies for many who ask, one verification at a time: whoever asks for the same gets the same answer, whoever asks
 * for another is told to come again. What was found whole is remembered as a place to go on from.
 */
export function createChainVerifier(db: Db): (from?: VerifyFrom) => Promise<ChainVerdict> {
  let checkpoint: number | undefined
  let running: { from: VerifyFrom; verdict: Promise<ChainVerdict> } | undefined
  return async (from) => {
    if (running?.from === from && running) return running.verdict
    if (running) throw new DomainError('limit_reached', { limit: 'verifications at once', most: 1 })
    const verdict = verifyChain(db, { from: from === 'last' ? checkpoint : from })
    running = { from, verdict }
    try {
      const found = await verdict
      checkpoint = found.whole && found.length > 0 ? found.length : undefined
      return found
    } finally {
      running = undefined
    }
  }
}
