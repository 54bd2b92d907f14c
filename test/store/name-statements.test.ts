import { test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { nameStatements } from '#store/name-statements.ts'
import { freshStore, testStore } from '../fresh-store.ts'

const hot = 'select id, name from project where key = $1 and kind = $2'

test('a statement is named from its second sight on, always the same', (t: TestContext) => {
  const nameOf = nameStatements()
  t.assert.strictEqual(nameOf(hot, 2), undefined)
  const name = nameOf(hot, 2)
  t.assert.match(name ?? '', /^[\w-]{22}$/)
  t.assert.strictEqual(nameOf(hot, 2), name)
  t.assert.strictEqual(nameStatements()('begin', 0), undefined)
})

test('what is generated is not named, and names run out', (t: TestContext) => {
  const nameOf = nameStatements({ most: 3, longest: 200 })
  const twice = (sql: string, parameters = 1) => (nameOf(sql, parameters), nameOf(sql, parameters))
  t.assert.strictEqual(twice(`${hot} ${'and true '.repeat(50)}`), undefined)
  t.assert.strictEqual(twice(hot, 101), undefined)
  for (const n of [1, 2, 3]) t.assert.ok(twice(`${hot} limit ${n}`))
  t.assert.strictEqual(twice(`${hot} limit 4`), undefined)
  t.assert.ok(nameOf(`${hot} limit 2`, 2))
})

const onPostgres = { skip: testStore !== 'postgres' && 'PGlite has no names for statements' }

test('a connection parses a hot statement once', onPostgres, async (t: TestContext) => {
  const { db } = await freshStore(t)
  await db.connection().execute(async (one) => {
    for (let n = 0; n < 5; n++)
      await one.selectFrom('project').selectAll().where('key', '=', `key ${n}`).execute()
    const { rows } = await sql<{ statement: string }>`
      select statement from pg_prepared_statements where statement like '%"project"%'`.execute(one)
    t.assert.deepStrictEqual(
      rows.map(({ statement }) => statement),
      ['select * from "project" where "key" = $1'],
    )
  })
})

test('a statement that outlived a migration fails once and heals', onPostgres, async (t: TestContext) => {
  const { db } = await freshStore(t)
  const read = () => db.selectFrom('external_id').selectAll().where('external', '=', 'any').execute()
  for (let n = 0; n < 3; n++) await read()
  await sql`alter table external_id add column added int`.execute(db)
  await t.assert.rejects(read(), { code: '0A000' })
  t.assert.deepStrictEqual(await read(), [])
  t.assert.deepStrictEqual(await read(), [])
})
