import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { pino, type Logger } from 'pino'
import { v7 as uuidv7 } from 'uuid'
import { asPrincipal, type Context, type House } from '#app/context.ts'
import { openQueue, type Queue } from '#engine/queue.ts'
import { startEngine, type Engine } from '#engine/start-engine.ts'
import type { Executor } from '#executors/contract.ts'
import { openBlobFolder } from '#ground/blob-folder.ts'
import { openMirrors } from '#ground/git/mirrors.ts'
import { openOutbound } from '#ground/outbound.ts'
import { openVault } from '#ground/encryption.ts'
import { notify } from '#store/notify.ts'
import type { Store } from '#store/store.ts'
import { closeAfter } from '../close-after.ts'
import { freshPlace, openPlace } from '../fresh-store.ts'

/** What is not woken must not be found by chance. */
const neverMs = 86_400_000

/** A store and a queue, and nobody who works. */
export interface QuietHouse {
  house: House
  /** Headgate itself. */
  ctx: Context
  store: Store
  clock: { now: Date }
  logger: Logger
  /** Starts to work; what was asked for before is found. On PostgreSQL a second worker may join the first. */
  start(executors: readonly Executor[], sweepMs?: number): Promise<Engine>
  /** Ends the work as a stop of the process would; jobs in hand are handed over. */
  stop(timeoutMs?: number): Promise<void>
}

/** The core without a hall and without an engine, with a clock that can be set. */
export async function quietHouse(t: TestContext): Promise<QuietHouse> {
  const place = await freshPlace()
  const store = await openPlace(place)
  const clock = { now: new Date('2026-11-21T09:00:00Z') }
  const logger = pino({ level: process.env.HEADGATE_LOG_LEVEL ?? 'silent' })
  const open = () => openQueue({ ...store, alone: store.kind === 'embedded', notify, logger })
  const queues: Queue[] = [await open()]
  const engines: Engine[] = []
  const house: House = {
    db: store.db,
    now: () => new Date(clock.now),
    newId: () => uuidv7(),
    enqueue: async (tx, jobs) => queues[0]?.enqueue(tx, jobs),
    committed: () => {},
    blobs: await openBlobFolder(join(place.dataDir, 'blobs'), clock.now),
    mirrors: openMirrors({ folder: join(place.dataDir, 'mirrors') }),
    vault: openVault([Buffer.alloc(32, 7)]),
    outbound: openOutbound({ now: () => new Date(clock.now) }),
  }
  const stop = async (timeoutMs = 5000) => {
    for (const engine of engines.splice(0)) await engine.stop()
    for (const queue of queues.splice(0)) await queue.stop(timeoutMs)
  }
  // Hooks run in the order in which they were registered: one, so that the store is closed last.
  closeAfter(t, async () => {
    await stop()
    await store.close()
    await place.remove()
  })
  return {
    house,
    ctx: asPrincipal(house, null),
    store,
    clock,
    logger,
    stop,
    async start(executors, sweepMs = neverMs) {
      const idle = queues[engines.length]
      const queue = idle ?? (await open())
      if (!idle) queues.push(queue)
      const engine = await startEngine({
        ...{ house, queue, executors, logger, sweepMs },
        outside: { hold: store.hold, url: () => 'http://127.0.0.1:9' },
      })
      engines.push(engine)
      return engine
    },
  }
}

export function pass(clock: { now: Date }, seconds: number): void {
  clock.now = new Date(clock.now.getTime() + seconds * 1000)
}
