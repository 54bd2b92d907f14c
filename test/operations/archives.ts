import { once } from 'node:events'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { extract, pack } from 'tar-stream'
import { openBlobFolder } from '#ground/blob-folder.ts'
import { join } from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import { makeBackup } from '#app/backup/make-backup.ts'
import type { RestoreInto } from '#app/backup/restore-backup.ts'
import type { Context } from '#app/context.ts'
import { dumpRows, listTables } from '#store/dump-rows.ts'
import type { Db } from '#store/database.ts'
import { freshPlace, openPlace } from '../fresh-store.ts'
import type { TestContext } from 'node:test'

export interface Entry {
  name: string
  bytes: Buffer
  type?: 'file' | 'symlink'
}

export async function backupOf(ctx: Context, folder: string): Promise<Buffer> {
  const { archive } = await makeBackup(ctx, { folder })
  return buffer(archive)
}

export async function entriesOf(archive: Buffer): Promise<Entry[]> {
  const entries: Entry[] = []
  const tar = extract()
  Readable.from([archive]).pipe(tar as never)
  for await (const entry of tar)
    entries.push({ name: entry.header.name, bytes: await buffer(entry as never) })
  return entries
}

export async function packed(entries: readonly Entry[]): Promise<Buffer> {
  const tar = pack()
  for (const { name, bytes, type = 'file' } of entries)
    if (type === 'file') tar.entry({ name, size: bytes.length }, bytes)
    else tar.entry({ name, type, linkname: '/etc/passwd' })
  tar.finalize()
  return buffer(tar as never)
}

/** An empty store to restore into, of either kind; gone when the test ends. */
export async function emptyStore(
  t: TestContext,
  from: Context,
  kind: 'embedded' | 'postgres',
): Promise<RestoreInto & { db: Db }> {
  const place = await freshPlace(kind)
  const store = await openPlace(place)
  t.after(async () => {
    await store.close()
    await place.remove()
  })
  const blobs = await openBlobFolder(join(place.dataDir, 'blobs'), new Date())
  return { store, db: store.db, blobs, vault: from.vault, now: () => from.now(), newId: () => uuidv7() }
}

/** Every row of every table, in an order that does not depend on where it lies. */
export async function rowsOf(db: Db): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  await db.transaction().execute(async (tx) => {
    for (const table of await listTables(tx)) {
      const lines: string[] = []
      for await (const some of dumpRows(tx, table)) lines.push(...some)
      found[table.name] = lines.toSorted()
    }
  })
  return found
}

/** The rows in an archive, in the same form. */
export function rowsIn(entries: readonly Entry[], tables: readonly string[]): Record<string, string[]> {
  const found: Record<string, string[]> = Object.fromEntries(tables.map((table) => [table, []]))
  for (const { name, bytes } of entries) {
    const [, table] = /^rows\/([a-z_]+)\//.exec(name) ?? []
    if (table) found[table]!.push(...bytes.toString().split('\n').slice(0, -1))
  }
  return Object.fromEntries(Object.entries(found).map(([table, lines]) => [table, lines.toSorted()]))
}

export async function closed(stream: Readable): Promise<void> {
  if (!stream.closed) await once(stream, 'close')
}
