import type { Readable } from 'node:stream'
import { systemActor } from '#domain/events.ts'
import { ArchiveError, readArchive, show } from '#ground/archive.ts'
import type { Blobs } from '#ground/blobs.ts'
import type { Vault } from '#ground/encryption.ts'
import type { Db } from '#store/database.ts'
import { insertEvents } from '#store/event.ts'
import { listMigrations, listTables } from '#store/dump-rows.ts'
import {
  addReferences,
  analyzeTables,
  dropReferences,
  listFilledTables,
  loadRows,
  lockTables,
  setSequence,
} from '#store/load-rows.ts'
import { migrate, readMigrations } from '#store/migrate.ts'
import { removeSigningKeys } from '#store/signing-key.ts'
import type { Store } from '#store/store.ts'
import { readName, type Header } from './archive-shape.ts'
import { checkBackup, readText, type CheckedBackup } from './check-backup.ts'
import { digestOf } from './make-backup.ts'

export interface RestoreInto {
  store: Store
  blobs: Blobs
  vault: Vault
  now(): Date
  newId(): string
}

/** Why this backup cannot be restored here; the message says what to do. */
class RestoreError extends Error {
  override name = 'RestoreError'
}

export interface Restored {
  made_at: string
  rows: number
  blobs: number
  /** What this version changed about the tables afterwards. */
  migrated: string[]
}

/**
 * Brings back what a backup holds, into a store that is empty. Everything is checked before anything is written, and
 * all rows come in one transaction.
 *
 * @param open gives the archive from its first byte, each time
 * @param anyKey takes an archive whose seal this installation's key does not open
 * @throws ArchiveError for what is no whole backup, RestoreError for what cannot be restored here
 */
export async function restoreBackup(
  into: RestoreInto,
  open: () => Readable,
  { anyKey = false }: { anyKey?: boolean } = {},
): Promise<Restored> {
  const { store, now } = into
  const checked = await checkBackup(open(), into.vault)
  const { header, manifest, sealed } = checked
  if (!sealed && !anyKey)
    throw new RestoreError(
      'The archive was made with another HEADGATE_SECRET_KEY: the secrets in it cannot be read here, nor can its seal. Set that key, or restore without it (--any-key) and set every secret anew.',
    )
  await knownMigrations(header)
  await refuseOtherTables(store.db, header)
  await migrate(store, now, { count: header.migrations.length })
  await refuseFilled(store.db)
  await restoreBlobs(into.blobs, open())
  await store.db.transaction().execute(async (tx) => {
    await restoreRows(tx, open(), checked)
    const data = { made_at: header.made_at }
    await insertEvents(tx, [
      { id: into.newId(), at: now(), kind: 'backup.restored', actor: systemActor, data },
    ])
  })
  await analyzeTables(store.db)
  const rows = Object.values(manifest.tables).reduce((sum, count) => sum + count, 0)
  const migrated = await migrate(store, now)
  // Nobody can sign with them any more: they are made anew when they are wanted.
  if (!sealed) await removeSigningKeys(store.db)
  return { made_at: header.made_at, rows, blobs: manifest.blobs.count, migrated }
}

async function knownMigrations({ migrations }: Header): Promise<void> {
  const known = await readMigrations()
  for (const [index, { name, sha256 }] of migrations.entries()) {
    if (known[index]?.name === name && known[index].sha256 === sha256) continue
    throw new RestoreError(
      `The backup was made by a version with migration ${show(name)}, which this one does not have. Restore with that version or a later one.`,
    )
  }
}

/** A database that another version has migrated is left as it is. */
async function refuseOtherTables(db: Db, { migrations }: Header): Promise<void> {
  const applied = await listMigrations(db).catch(() => [])
  if (applied.length > migrations.length)
    throw new RestoreError(
      'The store has newer tables than the backup. Restore into one that no server was started on: it is brought up to date afterwards.',
    )
}

async function refuseFilled(db: Db): Promise<void> {
  const [filled] = await listFilledTables(db, await listTables(db))
  if (filled)
    throw new RestoreError(
      `The store is not empty: there are rows in ${filled}. Restore into a new database, or a new data folder.`,
    )
}

async function restoreBlobs(blobs: Blobs, source: Readable): Promise<void> {
  await readArchive(source, async ({ name, content }) => {
    const what = readName(name)
    if (what?.kind !== 'blob') {
      for await (const _ of content);
      return
    }
    const { digest } = await blobs.put(content)
    if (digest !== what.digest) throw changed(name)
  })
}

async function restoreRows(tx: Db, source: Readable, { header, manifest }: CheckedBackup): Promise<void> {
  const tables = await listTables(tx)
  await lockTables(tx, tables)
  // Somebody may have started a server meanwhile.
  await refuseFilled(tx)
  if (JSON.stringify(tables) !== JSON.stringify(header.tables))
    throw new RestoreError('The tables of the backup are not those of its migrations.')
  const byName = new Map(tables.map((table) => [table.name, table]))
  const references = await dropReferences(tx)
  const pieces = new Map(manifest.rows.map((piece) => [piece.name, piece]))
  await readArchive(source, async (entry) => {
    const what = readName(entry.name)
    const piece = pieces.get(entry.name)
    if (what?.kind === 'blob') return false
    const text = await readText(entry, Infinity)
    if (what?.kind !== 'rows') return true
    const lines = text.split('\n').slice(0, -1)
    // It was checked a moment ago, but may be another file now.
    if (
      digestOf(text) !== piece?.sha256 ||
      (await loadRows(tx, byName.get(what.table)!, lines)) !== piece.rows
    )
      throw changed(entry.name)
    return true
  })
  await addReferences(tx, references)
  for (const { name, value } of manifest.sequences) await setSequence(tx, name, value)
}

const changed = (name: string) => new ArchiveError(`${show(name)} was changed while it was read.`)
