import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { RunSql, Store } from './store.ts'

export interface MigrationTable {
  /** The file's name. */
  name: string
  /** Of the file's bytes when it was applied, hexadecimal. */
  sha256: string
  applied_at: Date
}

interface MigrationFile {
  name: string
  sha256: string
  text: string
}

/** The database and the migrations of this version do not fit together; the message says what to do. */
export class MigrationError extends Error {
  override name = 'MigrationError'
}

const ownFolder = new URL('./migrations/', import.meta.url)

/**
 * Applies what is missing, each file in a transaction of its own. Processes that start together take turns.
 *
 * @param options.count only so many of the first
 * @returns the names of what was applied now
 * @throws MigrationError when an applied file was changed, is unknown here, or a new one comes before it
 */
export async function migrate(
  store: Store,
  now: () => Date,
  { folder = ownFolder, count = Infinity }: { folder?: URL; count?: number } = {},
): Promise<string[]> {
  const files = (await readMigrations(folder)).slice(0, count)
  const applied: string[] = []
  for (;;) {
    const name = await store.script((run) => applyNext(run, files, now()))
    if (name === undefined) return applied
    applied.push(name)
  }
}

export async function readMigrations(folder: URL = ownFolder): Promise<MigrationFile[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name)).toSorted()
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, folder), 'utf8')
      return { name, text, sha256: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

/** Any number will do as long as it stays the same: it names the lock that starting processes queue for. */
const lockKey = 4400_0001

async function applyNext(run: RunSql, files: MigrationFile[], now: Date): Promise<string | undefined> {
  await run('select pg_advisory_xact_lock($1)', [lockKey])
  await run(`create table if not exists migration (
    name text primary key, sha256 text not null, applied_at timestamptz not null)`)
  const rows = await run('select name, sha256 from migration order by name')
  const next = chooseNext(files, rows as unknown as Pick<MigrationTable, 'name' | 'sha256'>[])
  if (!next) return undefined
  await run(next.text)
  await run('insert into migration (name, sha256, applied_at) values ($1, $2, $3)', [
    next.name,
    next.sha256,
    now,
  ])
  return next.name
}

function chooseNext(files: MigrationFile[], applied: Pick<MigrationTable, 'name' | 'sha256'>[]) {
  for (const [index, row] of applied.entries()) {
    const file = files.find(({ name }) => name === row.name)
    if (!file)
      throw new MigrationError(
        `The database has migration ${row.name}, which this version does not know. Start the version that applied it, or a newer one.`,
      )
    if (file.sha256 !== row.sha256)
      throw new MigrationError(
        `Migration ${row.name} was changed after it was applied. Put the file back as it was, and make the change in a new one.`,
      )
    if (files[index] !== file)
      throw new MigrationError(
        `Migration ${files[index]?.name} comes before ${row.name}, which is applied already. Give it a number after the last one.`,
      )
  }
  return files[applied.length]
}
