import type { Logger } from 'pino'
import { asPrincipal, type House } from '#app/context.ts'
import { pruneKeys } from '#app/idempotency/prune-keys.ts'
import type { RetentionPolicy } from '#app/retention/policy.ts'
import { pruneHouse } from '#app/retention/prune-house.ts'
import { letGoOfLeftLocks } from '#app/state/let-go-of-lock.ts'

export interface UpkeepSettings {
  house: House
  policy: RetentionPolicy
  /** Gives back the room of what went, where the store does not do so by itself. */
  tidy?: () => Promise<void>
  logger: Logger
  everyMs?: number
}

export interface Upkeep {
  /** Looks whether something is due, as it does every minute by itself. */
  look(): Promise<void>
  stop(): Promise<void>
}

/** What the house does for itself: what is older than the policy goes, once a day. */
export function startUpkeep({ house, policy, tidy, logger, everyMs = 60_000 }: UpkeepSettings): Upkeep {
  const ctx = asPrincipal(house, null)
  const stopping = new AbortController()
  let atWork: Promise<void> | undefined

  async function work(): Promise<void> {
    try {
      await pruneKeys(house)
      await letGoOfLeftLocks(ctx)
      const pruned = await pruneHouse(ctx, policy, stopping.signal)
      if (!pruned) return
      if (!stopping.signal.aborted) await tidy?.()
      logger.info({ pruned }, 'what is older than the policy is gone')
    } catch (error) {
      logger.error({ err: error }, 'the daily upkeep broke off; it goes on tomorrow')
    }
  }

  const look = () => (atWork ??= work().finally(() => (atWork = undefined)))
  const timer = setInterval(() => void look(), everyMs)
  return {
    look,
    async stop() {
      clearInterval(timer)
      stopping.abort()
      await atWork
    },
  }
}
