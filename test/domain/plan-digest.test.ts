import { test } from 'node:test'
import fc from 'fast-check'
import { planChanges, planDigest, type Change } from '#domain/plan.ts'
import { live, pinned, shuffled } from './arbitrary-items.ts'
import { holds } from './holds.ts'

const environment = fc.constantFrom('production', 'staging')
const fault = fc.option(fc.record({ code: fc.constantFrom('gone', 'in_progress'), reason: fc.string() }), {
  nil: undefined,
})

/** Plans, some of whose changes cannot be made. */
const plan = fc
  .record({
    revision: pinned,
    live,
    forced: fc.boolean(),
    faults: fc.array(fault, { minLength: 20, maxLength: 20 }),
  })
  .map(({ revision, live: before, forced, faults }) =>
    planChanges({ ...revision, live: before, forced }).map((change, n): Change => {
      const found = faults[n]
      return found ? { ...change, fault: found } : change
    }),
  )

/** What a plan does, said without a digest. */
function effect(at: string, changes: readonly Change[]): string {
  const each = changes.map(({ key, action, before, after, fault: why }) =>
    JSON.stringify([key, action, before, after, why?.code ?? null]),
  )
  return JSON.stringify([at, ...each.toSorted()])
}

test('two plans have the same digest when they do the same, and only then', () => {
  holds(
    fc.property(
      environment,
      environment,
      plan,
      plan,
      (one, two, a, b) => (planDigest(one, a) === planDigest(two, b)) === (effect(one, a) === effect(two, b)),
    ),
  )
})

test('titles, reasons and the order in which rows were read are not what a plan does', () => {
  const told = plan.chain((changes) => fc.record({ changes: fc.constant(changes), other: shuffled(changes) }))
  holds(
    fc.property(told, fc.string(), ({ changes, other }, word) => {
      const retold = other.map((change) => ({
        ...change,
        title: word,
        ...(change.fault ? { fault: { ...change.fault, reason: word } } : {}),
      }))
      return planDigest('production', changes) === planDigest('production', retold)
    }),
  )
})

test('another environment, version, action or fault is another digest', () => {
  const some = plan.filter((changes) => changes.length > 0)
  const other: Record<string, Partial<Change>> = {
    key: { key: 'another' },
    action: { action: 'run' },
    before: { before: 'another' },
    after: { after: 'another' },
    fault: { fault: { code: 'another', reason: '' } },
  }
  holds(
    fc.property(some, fc.nat(), fc.constantFrom(...Object.values(other)), (changes, at, different) => {
      const changed = changes.map((change, n) =>
        n === at % changes.length ? { ...change, ...different } : change,
      )
      return planDigest('production', changes) !== planDigest('production', changed)
    }),
  )
})

test('the same changes to another environment are another digest', () => {
  holds(fc.property(plan, (changes) => planDigest('production', changes) !== planDigest('staging', changes)))
})

test('the order in which live was read does not change a plan', () => {
  const read = live.chain((items) => fc.record({ one: fc.constant(items), two: shuffled(items) }))
  holds(
    fc.property(pinned, read, (revision, { one, two }) => {
      const [a, b] = [one, two].map((rows) => planChanges({ ...revision, live: rows, forced: false }))
      return JSON.stringify(a) === JSON.stringify(b)
    }),
  )
})
