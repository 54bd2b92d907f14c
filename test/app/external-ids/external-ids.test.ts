import { test, type TestContext } from 'node:test'
import {
  assignExternal,
  externalFor,
  makeExternal,
  resolveExternal,
} from '#app/external-ids/resolve-external.ts'
import { smallHouse } from '../../small-house.ts'

test('ids are found both ways once they are assigned, and not before', async (t: TestContext) => {
  const { house, ctx } = await smallHouse(t)
  const [one, two] = [ctx.newId(), ctx.newId()]
  t.assert.strictEqual(await resolveExternal(house, 'shop', 'release', 'x1'), undefined)
  t.assert.deepStrictEqual(
    await externalFor(house, 'shop', 'release', [one, two, null, undefined]),
    new Map(),
  )
  t.assert.strictEqual(await assignExternal(house.db, 'shop', 'release', one, 'x1'), true)
  t.assert.strictEqual(
    await assignExternal(house.db, 'shop', 'release', two, 'x1'),
    false,
    'the external is taken',
  )
  t.assert.strictEqual(await assignExternal(house.db, 'shop', 'release', one, 'x9'), false, 'it has one')
  // What was not there is not remembered as missing.
  t.assert.strictEqual(await resolveExternal(house, 'shop', 'release', 'x1'), one)
  t.assert.deepStrictEqual(
    await externalFor(house, 'shop', 'release', [one, two, null, undefined, one]),
    new Map([[one, 'x1']]),
  )
  for (const [surface, kind] of [
    ['shop', 'entry'],
    ['market', 'release'],
  ] as const) {
    t.assert.strictEqual(await resolveExternal(house, surface, kind, 'x1'), undefined)
    t.assert.strictEqual(await assignExternal(house.db, surface, kind, one, 'x1'), true, 'another namespace')
  }
})

test('the id of a transaction that was taken back is known to nobody', async (t: TestContext) => {
  const { house, ctx } = await smallHouse(t)
  const id = ctx.newId()
  const taken = new Error('taken back')
  const attempt = house.db.transaction().execute(async (tx) => {
    await assignExternal(tx, 'shop', 'release', id, 'x1')
    t.assert.strictEqual(
      await resolveExternal({ ...house, db: tx }, 'shop', 'release', 'x1'),
      id,
      'seen inside',
    )
    throw taken
  })
  await t.assert.rejects(attempt, taken)
  t.assert.strictEqual(await resolveExternal(house, 'shop', 'release', 'x1'), undefined)
  t.assert.deepStrictEqual(await externalFor(house, 'shop', 'release', [id]), new Map())
})

test('of many who make an id for a thing at once, all get the same', async (t: TestContext) => {
  const { house, ctx } = await smallHouse(t)
  const ids = Array.from({ length: 20 }, () => ctx.newId())
  let made = 0
  const make = () => `x${(made += 1)}`
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => makeExternal(house, 'shop', 'release', [...ids, null], make)),
  )
  for (const answer of answers) t.assert.deepStrictEqual(answer, answers[0])
  t.assert.deepStrictEqual([...answers[0]!.keys()].toSorted(), ids.toSorted())
  t.assert.strictEqual(new Set(answers[0]!.values()).size, 20)
  const before = made
  t.assert.deepStrictEqual(await makeExternal(house, 'shop', 'release', ids, make), answers[0])
  t.assert.strictEqual(made, before, 'none is made for what has one')
  for (const [internal, external] of answers[0]!)
    t.assert.strictEqual(await resolveExternal(house, 'shop', 'release', external), internal)
  t.assert.deepStrictEqual(await makeExternal(house, 'shop', 'release', [null, undefined], make), new Map())
})
