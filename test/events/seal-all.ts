import { setTimeout as sleep } from 'node:timers/promises'
import { sealEvents } from '#events/seal-events.ts'
import type { Db } from '#store/database.ts'
import { countUnsealedEvents } from '#store/event.ts'

const patienceMs = 30_000

/**
 * Until every event has its seal. On a server that other tests use too, their open transactions hold sealing up, in
 * whatever database they are.
 */
export async function sealAll(db: Db): Promise<void> {
  for (const until = performance.now() + patienceMs; ;) {
    if ((await sealEvents(db)) > 0) continue
    if ((await countUnsealedEvents(db)).count === 0) return
    if (performance.now() > until) throw new Error('events stay unsealed')
    await sleep(10)
  }
}
