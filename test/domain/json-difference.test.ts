import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { jsonDifferences } from '#domain/json-difference.ts'
import type { Json } from '#domain/json.ts'

test('differences are told at the innermost place, lists as a whole', (t: TestContext) => {
  const before = { a: { b: 1, c: [1, 2], same: true }, gone: 'x' }
  const after = { a: { b: 2, c: [1], same: true }, come: { d: { e: 1 } } }
  t.assert.deepEqual(jsonDifferences(before, after), [
    { path: ['a', 'b'], before: 1, after: 2 },
    { path: ['a', 'c'], before: [1, 2], after: [1] },
    { path: ['come', 'd', 'e'], before: null, after: 1 },
    { path: ['gone'], before: 'x', after: null },
  ])
  t.assert.equal(jsonDifferences(before, after, 2).length, 2)
})

test('nothing differs from itself, and what differs one way differs the other way', (t: TestContext) => {
  const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>
  fc.assert(
    fc.property(json, json, (one, other) => {
      t.assert.deepEqual(jsonDifferences(one, one), [])
      const back = jsonDifferences(other, one).map(({ path, before, after }) => {
        return { path, before: after, after: before }
      })
      t.assert.deepEqual(jsonDifferences(one, other), back)
    }),
  )
})
