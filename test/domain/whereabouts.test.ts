import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { planChanges } from '#domain/plan.ts'
import { whereabouts } from '#domain/whereabouts.ts'
import { certainLive, changeSet, live, pinned, wholeState } from './arbitrary-items.ts'
import { holds } from './holds.ts'
import { carryOut } from './world.ts'

const some = pinned.filter(({ items }) => items.length > 0)

test('an environment is wholly at what was just brought to it', () => {
  holds(
    fc.property(some, live, ({ scope, items }, before) => {
      const changes = planChanges({ scope, items, live: before, forced: false })
      return whereabouts(items, carryOut(before, changes), scope) === 'wholly'
    }),
  )
})

test('wholly is when a plan of the named items finds nothing to do, not when it would do all of them', () => {
  holds(
    fc.property(
      changeSet.filter((items) => items.length > 0),
      live,
      (items, before) => {
        const changes = planChanges({ scope: 'change_set', items, live: before, forced: false })
        const idle = changes.filter((change) => change.action === 'none').length
        const expected = idle === items.length ? 'wholly' : idle === 0 ? 'not' : 'partly'
        return whereabouts(items, before) === expected
      },
    ),
  )
})

test('one uncertain item is enough not to be wholly there', () => {
  holds(
    fc.property(some, certainLive, fc.nat(), ({ scope, items }, before, at) => {
      const there = carryOut(before, planChanges({ scope, items, live: before, forced: false }))
      const unsure = items[at % items.length]?.key ?? ''
      const known = there.find((item) => item.key === unsure)
      const row = known ?? { key: unsure, kind: 'page', title: '', version: null, uncertain: true }
      const now = [...there.filter((item) => item.key !== unsure), { ...row, uncertain: true }]
      return whereabouts(items, now) === (items.length === 1 ? 'not' : 'partly')
    }),
  )
})

test('at a whole state is only where nothing else is live', () => {
  holds(
    fc.property(
      wholeState.filter((items) => items.length > 0),
      live,
      (items, before) => {
        const others = planChanges({ scope: 'whole_state', items: [], live: before, forced: false })
        const there = carryOut(
          before,
          planChanges({ scope: 'change_set', items, live: before, forced: false }),
        )
        const named = new Set(items.map((item) => item.key))
        const more = others.some((change) => change.action === 'delete' && !named.has(change.key))
        return whereabouts(items, there, 'whole_state') === (more ? 'partly' : 'wholly')
      },
    ),
  )
})

test('nowhere is at nothing', (t: TestContext) => {
  t.assert.strictEqual(whereabouts([], []), 'not')
})
