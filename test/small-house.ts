import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { v7 as uuidv7 } from 'uuid'
import { asPrincipal, type Context, type House } from '#app/context.ts'
import { openBlobFolder } from '#ground/blob-folder.ts'
import { openMirrors } from '#ground/git/mirrors.ts'
import { openOutbound } from '#ground/outbound.ts'
import { openVault } from '#ground/encryption.ts'
import type { Job } from '#domain/jobs.ts'
import { freshStore } from './fresh-store.ts'

export interface SmallHouse {
  house: House
  /** Headgate itself. */
  ctx: Context
  clock: { now: Date }
  /** What use-cases asked to be woken for: nothing runs them here. */
  jobs: Job[]
}

/** A house without queue, engine and hall, on a store of the test's own: for use-cases that wake nobody. */
export async function smallHouse(t: TestContext): Promise<SmallHouse> {
  const { db, dataDir } = await freshStore(t)
  const clock = { now: new Date('2026-11-21T09:00:00Z') }
  const jobs: Job[] = []
  const house: House = {
    db,
    now: () => new Date(clock.now),
    newId: () => uuidv7(),
    enqueue: async (_tx, wanted) => void jobs.push(...wanted),
    committed: () => {},
    blobs: await openBlobFolder(join(dataDir, 'blobs'), new Date()),
    mirrors: openMirrors({ folder: join(dataDir, 'mirrors') }),
    vault: openVault([Buffer.alloc(32, 7)]),
    outbound: openOutbound({ now: () => new Date(clock.now) }),
  }
  return { house, ctx: asPrincipal(house, null), clock, jobs }
}

export function pass(clock: { now: Date }, seconds: number): void {
  clock.now = new Date(clock.now.getTime() + seconds * 1000)
}
