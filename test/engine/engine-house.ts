import type { TestContext } from 'node:test'
import { v7 as uuidv7 } from 'uuid'
import { pino } from 'pino'
import { asPrincipal, type Context, type House } from '#app/context.ts'
import { startEngine, type Engine } from '#engine/start-engine.ts'
import { openQueue } from '#engine/queue.ts'
import type { Executor } from '#executors/contract.ts'
import { openBlobFolder } from '#ground/blob-folder.ts'
import { join } from 'node:path'
import type { Store } from '#store/store.ts'
import { freshPlace, openPlace } from '../fresh-store.ts'

export interface EngineHouse {
  house: House
  /** Headgate itself. */
  ctx: Context
  engine: Engine
  store: Store
  clock: { now: Date }
}

/** The core without a hall: a store, a queue, an engine and the given executors, with a clock that can be set. */
export async function engineHouse(t: TestContext, executors: readonly Executor[]): Promise<EngineHouse> {
  const place = await freshPlace()
  const store = await openPlace(place)
  const clock = { now: new Date() }
  const logger = pino({ level: process.env.HEADGATE_LOG_LEVEL ?? 'fatal' })
  const queue = await openQueue({ boss: store.boss, alone: store.kind === 'embedded', logger })
  const house: House = {
    db: store.db,
    now: () => new Date(clock.now),
    newId: () => uuidv7(),
    enqueue: queue.enqueue,
    committed: () => {},
    blobs: await openBlobFolder(join(place.dataDir, 'blobs'), new Date()),
  }
  const engine = await startEngine({ house, queue, executors, logger })
  t.after(async () => {
    await engine.stop()
    await queue.stop(5000)
    await store.close()
    await place.remove()
  })
  return { house, ctx: asPrincipal(house, null), engine, store, clock }
}
