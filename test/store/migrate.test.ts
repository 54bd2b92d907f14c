import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import { migrate, MigrationError } from '#store/migrate.ts'
import { freshStore } from '../fresh-store.ts'

const now = () => new Date('2026-01-02T03:04:05.678Z')

/** A copy of the real migrations that the test may change. */
async function copyOfMigrations(t: TestContext): Promise<URL> {
  const folder = await mkdtemp(join(tmpdir(), 'headgate-migrations-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await cp(new URL('../../src/store/migrations/', import.meta.url), folder, { recursive: true })
  return pathToFileURL(`${folder}/`)
}

test('migrating again does nothing', async (t: TestContext) => {
  const { store, db } = await freshStore(t)
  const before = await db.selectFrom('migration').selectAll().orderBy('name').execute()
  t.assert.ok(before.length >= 2)
  t.assert.deepStrictEqual(await migrate(store, now), [])
  t.assert.deepStrictEqual(await db.selectFrom('migration').selectAll().orderBy('name').execute(), before)
})

test('processes that start together apply each file once', async (t: TestContext) => {
  const { store, db } = await freshStore(t)
  const folder = await copyOfMigrations(t)
  for (const n of [1, 2, 3]) {
    const body = `create table extra_${n} (id int); insert into extra_${n} values (${n});`
    await writeFile(new URL(`900${n}-extra.sql`, folder), body)
  }
  const runs = await Promise.all([1, 2, 3, 4].map(() => migrate(store, now, { folder })))
  t.assert.deepStrictEqual(runs.flat().toSorted(), ['9001-extra.sql', '9002-extra.sql', '9003-extra.sql'])
  const recorded = await db
    .selectFrom('migration')
    .selectAll()
    .where('name', '=', '9002-extra.sql')
    .executeTakeFirstOrThrow()
  t.assert.deepStrictEqual(recorded.applied_at, now())
  t.assert.match(recorded.sha256, /^[0-9a-f]{64}$/)
})

test('a file that fails leaves nothing of itself, and what came before it stays', async (t: TestContext) => {
  const { store, db } = await freshStore(t)
  const folder = await copyOfMigrations(t)
  await writeFile(new URL('9001-good.sql', folder), 'create table good (id int);')
  await writeFile(
    new URL('9002-bad.sql', folder),
    'create table half (id int); insert into nowhere values (1);',
  )
  await t.assert.rejects(migrate(store, now, { folder }), /nowhere/)
  const names = (await db.selectFrom('migration').select('name').execute()).map(({ name }) => name)
  t.assert.ok(names.includes('9001-good.sql'))
  t.assert.ok(!names.includes('9002-bad.sql'))
  await writeFile(new URL('9002-bad.sql', folder), 'create table half (id int);')
  t.assert.deepStrictEqual(await migrate(store, now, { folder }), ['9002-bad.sql'])
})

test('a changed, an unknown and a late migration are refused in plain words', async (t: TestContext) => {
  const { store } = await freshStore(t)
  const folder = await copyOfMigrations(t)
  const first = new URL('0001-the-house.sql', folder)
  await writeFile(first, '-- not what was applied', { flag: 'a' })
  await t.assert.rejects(migrate(store, now, { folder }), refusal(/0001-the-house\.sql was changed/))
  await rm(first)
  await t.assert.rejects(
    migrate(store, now, { folder }),
    refusal(/0001-the-house\.sql, which this version does not know/),
  )
  const another = await copyOfMigrations(t)
  await writeFile(new URL('0000-late.sql', another), 'create table late (id int);')
  await t.assert.rejects(
    migrate(store, now, { folder: another }),
    refusal(/0000-late\.sql comes before 0001-the-house\.sql/),
  )
})

function refusal(message: RegExp) {
  return (error: unknown) => error instanceof MigrationError && message.test(error.message)
}
