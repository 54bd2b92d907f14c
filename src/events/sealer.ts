import type { Db } from '#store/database.ts'
import { batchSize, sealEvents, startOver } from './seal-events.ts'

export interface SealerOptions {
  db: Db
  logger: { error(details: object, message: string): void }
  /** How often to look when nobody nudges: other processes write too. */
  everyMs?: number
  /** How long to gather nudges, so that a burst of commits is one batch. */
  gatherMs?: number
}

export interface Sealer {
  /** Something was committed in this process. Never waits, never throws. */
  nudge(): void
  /** Answers when the batch at hand is done. */
  stop(): Promise<void>
}

/** Keeps the chain up to date until it is stopped. An error is logged, and the next look tries again. */
export function startSealer({ db, logger, everyMs = 1000, gatherMs = 20 }: SealerOptions): Sealer {
  let timer: NodeJS.Timeout | undefined
  let atWork: Promise<void> | undefined
  let nudged = false
  let stopped = false
  const progress = startOver()

  function wait(ms: number): void {
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(look, ms)
  }

  function look(): void {
    nudged = false
    atWork = sealAll().finally(() => {
      atWork = undefined
      wait(nudged ? gatherMs : everyMs)
    })
  }

  async function sealAll(): Promise<void> {
    try {
      while (!stopped && (await sealEvents(db, batchSize, progress)) === batchSize);
    } catch (error) {
      logger.error({ err: error }, 'events could not be sealed; they stay, and sealing is tried again')
    }
  }

  wait(0)
  return {
    nudge() {
      if (nudged) return
      nudged = true
      if (!atWork) wait(gatherMs)
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await atWork
    },
  }
}
