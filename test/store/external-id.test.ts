import { test, type TestContext } from 'node:test'
import { v7 } from 'uuid'
import {
  findExternalId,
  insertExternalIds,
  listExternalIds,
  listInternalIds,
  nextExternalNumber,
  removeExternalIds,
} from '#store/external-id.ts'
import { freshStore } from '../fresh-store.ts'

const space = { surface: 'contentstack', kind: 'release' }

test('ids are found both ways, one by one and many at once', async (t: TestContext) => {
  const { db } = await freshStore(t)
  const rows = ['blt1', 'blt2', 'blt3'].map((external) => ({ ...space, external, internal: v7() }))
  t.assert.strictEqual(await insertExternalIds(db, rows), 3)
  t.assert.strictEqual(await insertExternalIds(db, []), 0)
  t.assert.strictEqual(await findExternalId(db, { ...space, external: 'blt2' }), rows[1]?.internal)
  t.assert.strictEqual(await findExternalId(db, { ...space, kind: 'entry', external: 'blt2' }), undefined)
  const internals = [...rows.map(({ internal }) => internal), v7()]
  const pairs = rows.map(({ external, internal }) => ({ external, internal }))
  t.assert.deepStrictEqual((await listExternalIds(db, { ...space, internals })).toSorted(byExternal), pairs)
  const externals = ['blt1', 'blt3', 'unknown', `'; drop table external_id; --`]
  t.assert.deepStrictEqual((await listInternalIds(db, { ...space, externals })).toSorted(byExternal), [
    pairs[0],
    pairs[2],
  ])
  await removeExternalIds(db, { ...space, internals: internals.slice(0, 1) })
  t.assert.strictEqual(await findExternalId(db, { ...space, external: 'blt1' }), undefined)
})

test('a pair of which either side is taken is left as it stands', async (t: TestContext) => {
  const { db } = await freshStore(t)
  const [a, b] = [v7(), v7()]
  await insertExternalIds(db, [{ ...space, external: 'one', internal: a }])
  const late = [
    { ...space, external: 'one', internal: b },
    { ...space, external: 'two', internal: a },
    { ...space, external: 'three', internal: b },
  ]
  t.assert.strictEqual(await insertExternalIds(db, late), 1)
  t.assert.strictEqual(await findExternalId(db, { ...space, external: 'one' }), a)
  t.assert.strictEqual(await findExternalId(db, { ...space, external: 'three' }), b)
})

test('numbers are given once, also to those who ask at the same time', async (t: TestContext) => {
  const { db } = await freshStore(t)
  const numbers = await Promise.all(Array.from({ length: 20 }, () => nextExternalNumber(db)))
  t.assert.deepStrictEqual(
    numbers.toSorted((x, y) => x - y),
    Array.from({ length: 20 }, (_, index) => index + 1),
  )
})

function byExternal(a: { external: string }, b: { external: string }): number {
  return a.external < b.external ? -1 : 1
}
