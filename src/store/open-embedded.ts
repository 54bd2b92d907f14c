import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { Kysely, PGliteDialect } from 'kysely'
import { fromPglite } from 'pg-boss'
import type { Database } from './database.ts'
import { durableIn, syncTree } from './durable-folder.ts'
import { parsers } from './parsers.ts'
import { holdInProcess } from './hold-in-process.ts'
import type { Store } from './store.ts'

/** Holds a folder for this process alone until it is let go. */
export type HoldFolder = (folder: string) => { release(): void }

export interface EmbeddedOptions {
  dataDir: string
  holdFolder: HoldFolder
  /** Whether a commit is on the disk when it is acknowledged, so that it survives a power cut too. */
  syncToDisk: boolean
}

/** @throws whatever `holdFolder` throws when somebody else has the folder */
export async function openEmbedded({ dataDir, holdFolder, syncToDisk }: EmbeddedOptions): Promise<Store> {
  await mkdir(dataDir, { recursive: true })
  // PGlite takes a folder that another process writes to without a word, and rows are lost: our lock comes first.
  const hold = holdFolder(dataDir)
  let pglite: PGlite
  try {
    pglite = await openFolder(join(dataDir, 'store'), syncToDisk)
  } catch (error) {
    hold.release()
    throw error
  }
  let closing: Promise<void> | undefined
  return {
    kind: 'embedded',
    db: new Kysely<Database>({ dialect: new PGliteDialect({ pglite }) }),
    boss: { db: fromPglite(pglite), backend: 'pglite' },
    script: (work) =>
      pglite.transaction((tx) =>
        work(async (text, parameters) => {
          if (parameters) return (await tx.query<Record<string, unknown>>(text, [...parameters])).rows
          return (await tx.exec(text)).flatMap((result) => result.rows)
        }),
      ),
    hold: holdInProcess(),
    listen: async (channel, hear) => pglite.listen(channel, hear),
    close: async () => {
      closing ??= pglite.close().finally(() => hold.release())
      await closing
    },
  }
}

async function openFolder(folder: string, syncToDisk: boolean): Promise<PGlite> {
  if (!syncToDisk) return PGlite.create({ dataDir: folder, parsers })
  const isNew = !existsSync(join(folder, 'PG_VERSION'))
  const pglite = await PGlite.create({ dataDir: folder, parsers, ...durableIn(folder) })
  if (isNew) await syncTree(folder)
  return pglite
}
