import type { Db } from '#store/database.ts'
import { batchSize, sealEvents, startOver } from './seal-events.ts'

export interface SealerOptions {
  db: Db
  logger: { error(details: object, message: string): void }
  /** How often to look when nobody nudges: other processes write too. */
  everyMs?: number
  /** How long to gather nudges after a look, so that a burst of commits is one batch. The first is not kept waiting. */
  gatherMs?: number
}

export interface Sealer {
  /** Something was committed in this process. Never waits, never throws. */
  nudge(): void
  /** Answers when the batch at hand is done. */
  stop(): Promise<void>
}

/** What a transaction leaves behind is most often visible at once. */
const promptMs = 1

/** Keeps the chain up to date until it is stopped. An error is logged, and the next look tries again. */
export function startSealer({ db, logger, everyMs = 1000, gatherMs = 20 }: SealerOptions): Sealer {
  let timer: NodeJS.Timeout | undefined
  let resting: NodeJS.Timeout | undefined
  let atWork: Promise<void> | undefined
  let nudged = false
  let stopped = false
  let againMs = gatherMs
  const progress = startOver()

  function wait(ms: number): void {
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(look, ms)
  }

  function look(): void {
    nudged = false
    atWork = sealAll().finally(() => {
      atWork = undefined
      resting = setTimeout(() => (resting = undefined), gatherMs)
      resting.unref()
      if (nudged) wait(gatherMs)
      else wait(progress.pending ? soon() : everyMs)
    })
  }

  /** An older transaction, or another process, holds up what is committed: rarely for long. */
  function soon(): number {
    const ms = Math.min(againMs, everyMs)
    againMs *= 2
    return ms
  }

  async function sealAll(): Promise<void> {
    try {
      while (!stopped && (await sealEvents(db, batchSize, progress)) === batchSize);
    } catch (error) {
      progress.pending = false
      logger.error({ err: error }, 'events could not be sealed; they stay, and sealing is tried again')
    }
    if (!progress.pending) againMs = gatherMs / 4
  }

  wait(0)
  return {
    nudge() {
      if (nudged) return
      nudged = true
      if (!atWork) wait(resting ? gatherMs : promptMs)
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await atWork
    },
  }
}
