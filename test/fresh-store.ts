import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { appendFile, cp, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { PGlite } from '@electric-sql/pglite'
import { openQueue } from '#engine/queue.ts'
import { FolderHeldError, lockFolder } from '#ground/folder-lock.ts'
import { createLog } from '#http/request-log.ts'
import type { Db } from '#store/database.ts'
import { migrate, readMigrations } from '#store/migrate.ts'
import { notify } from '#store/notify.ts'
import { openStore } from '#store/open-store.ts'
import type { Store } from '#store/store.ts'
import { closeAfter } from './close-after.ts'
import { freshDatabase } from './fresh-database.ts'

/** Where a migrated store lies that nobody has open: what a whole server is started on. */
export interface FreshPlace {
  kind: Store['kind']
  dataDir: string
  /** Undefined on the embedded store. */
  databaseUrl?: string
  /** To be called when whoever opened it has closed it. */
  remove(): Promise<void>
}

export interface FreshStore extends FreshPlace {
  store: Store
  db: Db
}

/** On which store this run of the tests is. */
export const testStore: Store['kind'] =
  process.env.HEADGATE_TEST_STORE === 'postgres' ? 'postgres' : 'embedded'

/** A migrated store of the test's own, open; closed and gone when the test ends. */
export async function freshStore(t: TestContext): Promise<FreshStore> {
  const place = await freshPlace()
  try {
    const store = await openPlace(place)
    closeAfter(t, async () => {
      await store.close()
      await place.remove()
    })
    return { ...place, store, db: store.db }
  } catch (error) {
    await place.remove()
    throw error
  }
}

/** Opens the store of a place, as a server would. */
export function openPlace({
  dataDir,
  databaseUrl,
  syncToDisk = false,
}: Pick<FreshPlace, 'dataDir' | 'databaseUrl'> & { syncToDisk?: boolean }): Promise<Store> {
  return openStore({
    dataDir,
    databaseUrl,
    holdFolder: (folder) => lockFolder(folder, new Date()),
    // A test's store need not survive a power cut.
    syncToDisk,
    onError: (error) => console.error(error),
  })
}

/**
 * A migrated store that is not open. The hooks of a test run in the order in which they were registered, so that
 * its removal is left to the caller: close first, then `remove()`, in one hook.
 */
export async function freshPlace(kind = testStore): Promise<FreshPlace> {
  const dataDir = await mkdtemp(join(tmpdir(), 'headgate-data-'))
  const removeFolder = () => rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
  try {
    if (kind === 'embedded') {
      await cp(await embeddedTemplate(), join(dataDir, 'store'), {
        recursive: true,
        mode: constants.COPYFILE_FICLONE,
      })
      return { kind, dataDir, remove: removeFolder }
    }
    const database = await freshDatabase(await templateKey(), (databaseUrl) =>
      makeTemplate({ dataDir, databaseUrl }),
    )
    return {
      kind,
      dataDir,
      databaseUrl: database.url,
      remove: async () => {
        await removeFolder()
        await database.drop()
      },
    }
  } catch (error) {
    await removeFolder()
    throw error
  }
}

/** Migrated, and with the tables of the queue, as a server leaves it: making them anew for each test costs more than most tests do. */
async function makeTemplate(place: { dataDir: string; databaseUrl?: string }): Promise<void> {
  const store = await openPlace(place)
  try {
    await migrate(store, () => new Date())
    const queue = await openQueue({ ...store, alone: false, notify, logger: createLog('fatal') })
    await queue.stop(1000)
  } finally {
    await store.close()
  }
  if (!place.databaseUrl) await makeSmall(join(place.dataDir, 'store'))
}

/**
 * What every test copies and opens: without the databases that nobody opens, which are half of its files, and without
 * the 128 MB that PostgreSQL would clear at every start.
 */
async function makeSmall(folder: string): Promise<void> {
  const pglite = await PGlite.create(folder)
  await pglite.exec('update pg_database set datistemplate = false')
  for (const name of ['template0', 'template1']) await pglite.exec(`drop database ${name}`)
  await pglite.close()
  await appendFile(join(folder, 'postgresql.conf'), "shared_buffers = '8MB'\n")
}

/** Of everything that decides what a migrated store looks like. */
async function templateKey(): Promise<string> {
  const hash = createHash('sha256')
  for (const { name, sha256 } of await readMigrations()) hash.update(`${name} ${sha256}\n`)
  return hash.digest('hex').slice(0, 16)
}

let template: Promise<string> | undefined

/** A migrated data folder to copy from, kept in the temporary folder: making one takes seconds and 750 MB. */
function embeddedTemplate(): Promise<string> {
  template ??= findTemplate()
  return template
}

async function findTemplate(): Promise<string> {
  const shelf = join(tmpdir(), 'headgate-test-stores')
  const ready = join(shelf, `${process.versions.node}-${await templateKey()}`)
  while (!(await exists(ready))) {
    await mkdir(shelf, { recursive: true })
    // Many test files start at once: one makes it, the others wait for it.
    const lock = tryLock(shelf)
    if (!lock) {
      await sleep(50)
      continue
    }
    try {
      if (!(await exists(ready))) await fill(shelf, ready)
    } finally {
      lock.release()
    }
  }
  return join(ready, 'store')
}

async function fill(shelf: string, ready: string): Promise<void> {
  const dataDir = await mkdtemp(join(shelf, 'making-'))
  await makeTemplate({ dataDir })
  await rename(dataDir, ready)
  await removeOld(shelf)
}

const oldAfterMs = 24 * 3600 * 1000

async function removeOld(shelf: string): Promise<void> {
  for (const name of await readdir(shelf)) {
    const found = await stat(join(shelf, name)).catch(() => undefined)
    if (found?.isDirectory() && Date.now() - found.mtimeMs > oldAfterMs)
      await rm(join(shelf, name), { recursive: true, force: true })
  }
}

function tryLock(folder: string) {
  try {
    return lockFolder(folder, new Date())
  } catch (error) {
    if (error instanceof FolderHeldError) return undefined
    throw error
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
