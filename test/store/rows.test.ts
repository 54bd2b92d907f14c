import { test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { freshStore } from '../fresh-store.ts'

/** Each line: what SQL says, and how it must arrive whichever the store. */
const values: [string, unknown][] = [
  [`true`, true],
  [`null::text`, null],
  [`7::int2`, 7],
  [`7::int4`, 7],
  [`9007199254740991::int8`, 9_007_199_254_740_991],
  [`count(*) over ()`, 1],
  [`sum(2::int8) over ()`, 2],
  [`1.25::numeric`, 1.25],
  [`0.5::float8`, 0.5],
  [`'text, "quoted"'::text`, 'text, "quoted"'],
  [`'0192d3a4-0000-7000-8000-000000000001'::uuid`, '0192d3a4-0000-7000-8000-000000000001'],
  [`timestamptz '2026-03-04 05:06:07.089+02'`, new Date('2026-03-04T03:06:07.089Z')],
  [`timestamptz '0099-01-01 00:00:00+00'`, new Date('0099-01-01T00:00:00.000Z')],
  [`timestamptz '12345-06-07 08:09:10.123456+05:30'`, new Date('+012345-06-07T02:39:10.123Z')],
  [`timestamptz '0001-12-31 00:00:00+00 BC'`, new Date('0000-12-31T00:00:00Z')],
  [`timestamptz '0044-03-15 00:00:00+00 BC'`, new Date('-000043-03-15T00:00:00Z')],
  [`date '2026-03-04'`, '2026-03-04'],
  [`timestamp '2026-03-04 05:06:07'`, '2026-03-04 05:06:07'],
  [`interval '1 day 2 hours'`, '1 day 02:00:00'],
  [`'{"b": [1, null, "x"], "a": {"c": 1.50}}'::jsonb`, { a: { c: 1.5 }, b: [1, null, 'x'] }],
  [`'"text"'::jsonb`, 'text'],
  [`'[1]'::json`, [1]],
  [`'\\x00ff10'::bytea`, Buffer.from([0, 255, 16])],
  [`'18446744073709551615'::xid8`, '18446744073709551615'],
  [`array['a, b', null, 'c"d', 'NULL', '']`, ['a, b', null, 'c"d', 'NULL', '']],
  [`array[]::text[]`, []],
  [`array['0192d3a4-0000-7000-8000-000000000001']::uuid[]`, ['0192d3a4-0000-7000-8000-000000000001']],
  [`array[1, null, 3]::int4[]`, [1, null, 3]],
  [`array[1, null, 3]::int8[]`, [1, null, 3]],
  [`array[]::int8[]`, []],
  [`array[1.5]::numeric[]`, [1.5]],
  [`array[timestamptz '2026-03-04 05:06:07+00', null]`, [new Date('2026-03-04T05:06:07Z'), null]],
  [`array['\\x0aff'::bytea]`, [Buffer.from([10, 255])]],
]

test('every type arrives the same on both stores', async (t: TestContext) => {
  const { db } = await freshStore(t)
  for (const [expression, expected] of values) {
    const { rows } = await sql.raw<{ value: unknown }>(`select ${expression} as value`).execute(db)
    t.assert.deepStrictEqual(rows[0]?.value, expected, expression)
  }
})

test('every type of parameter is taken by both stores', async (t: TestContext) => {
  const { db } = await freshStore(t)
  const at = new Date('2026-03-04T05:06:07.089Z')
  const { rows } = await sql`
    select ${"it's"}::text as text, ${12}::int as int, ${5_000_000_000}::bigint as big, ${true}::boolean as yes,
      ${at}::timestamptz as at, ${Buffer.from([1, 2])}::bytea as bytes, ${JSON.stringify([{ a: 1 }])}::jsonb as json,
      ${['a, "b"', 'c\\d', '']}::text[] as texts, ${null}::text as nothing`.execute(db)
  t.assert.deepStrictEqual(rows[0], {
    text: `it's`,
    int: 12,
    big: 5_000_000_000,
    yes: true,
    at,
    bytes: Buffer.from([1, 2]),
    json: [{ a: 1 }],
    texts: ['a, "b"', 'c\\d', ''],
    nothing: null,
  })
})

test('a statement says how many rows it changed', async (t: TestContext) => {
  const { db } = await freshStore(t)
  const insert = sql`insert into external_id select 's', 'k', n::text, gen_random_uuid() from generate_series(1, 3) n`
  t.assert.strictEqual((await insert.execute(db)).numAffectedRows, 3n)
  const removed = await db.deleteFrom('external_id').where('external', '<>', '2').executeTakeFirstOrThrow()
  t.assert.strictEqual(removed.numDeletedRows, 2n)
})

test('an error carries its code and constraint, and leaves the transaction rolled back', async (t: TestContext) => {
  const { db } = await freshStore(t)
  const row = { surface: 's', kind: 'k', external: '1', internal: '0192d3a4-0000-7000-8000-000000000001' }
  const twice = db.transaction().execute(async (tx) => {
    await tx.insertInto('external_id').values(row).execute()
    await tx.insertInto('external_id').values(row).execute()
  })
  await t.assert.rejects(twice, { code: '23505', constraint: 'external_id_pkey' })
  t.assert.deepStrictEqual(await db.selectFrom('external_id').selectAll().execute(), [])
})
