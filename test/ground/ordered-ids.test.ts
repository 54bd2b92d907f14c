import { test, type TestContext } from 'node:test'
import { orderedIds } from '#ground/ordered-ids.ts'

test('ids sort in the order in which they are made, whatever the clock does', (t: TestContext) => {
  const start = Date.UTC(2026, 10, 21)
  let calls = 0
  // Stands still for a hundred ids, jumps ahead, and is set back.
  const clock = () => new Date(start + (calls++ < 100 ? 0 : calls < 200 ? 5000 : -60_000))
  const newId = orderedIds(clock)
  const ids = Array.from({ length: 400 }, newId)
  t.assert.deepStrictEqual(ids, ids.toSorted())
  t.assert.strictEqual(new Set(ids).size, ids.length)
})

test('an id tells its time', (t: TestContext) => {
  const at = Date.UTC(2026, 10, 21, 9, 30)
  const id = orderedIds(() => new Date(at))()
  t.assert.strictEqual(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16), at)
})
