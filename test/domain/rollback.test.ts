import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import type { LiveItem } from '#domain/item.ts'
import { planChanges, type Change } from '#domain/plan.ts'
import { chooseRollback, chooseWholeStateRollback, leaveConflicts, type DoneItem } from '#domain/rollback.ts'
import { certainLive, changeSet, key, live, version, wholeState } from './arbitrary-items.ts'
import { holds } from './holds.ts'
import { carryOut, worldOf } from './world.ts'

/** One deployment of a change set: what it found, did and left. */
function deploy(
  items: Parameters<typeof planChanges>[0]['items'],
  before: readonly LiveItem[],
  forced = false,
) {
  const changes = planChanges({ scope: 'change_set', items, live: before, forced })
  return { done: doneOf(changes), after: carryOut(before, changes) }
}

const doneOf = (changes: readonly Change[]): DoneItem[] =>
  changes.filter((change) => change.action !== 'none' && !change.fault)

const sorted = (items: readonly LiveItem[]) => [...worldOf(items)].toSorted()

test('putting a change set back restores exactly what was live before it', (t: TestContext) => {
  holds(
    fc.property(changeSet, live, fc.boolean(), (items, before, forced) => {
      const first = deploy(items, before, forced)
      const { items: back, conflicts } = chooseRollback(first.done, first.after)
      t.assert.deepStrictEqual(conflicts, [])
      t.assert.deepStrictEqual(sorted(deploy(back, first.after).after), sorted(before))
    }),
  )
})

test('a rollback can itself be put back', (t: TestContext) => {
  holds(
    fc.property(changeSet, certainLive, (items, before) => {
      const first = deploy(items, before)
      const second = deploy(chooseRollback(first.done, first.after).items, first.after)
      const { items: again, conflicts } = chooseRollback(second.done, second.after)
      t.assert.deepStrictEqual(conflicts, [])
      t.assert.deepStrictEqual(sorted(deploy(again, second.after).after), sorted(first.after))
    }),
  )
})

/** What others do meanwhile. */
const meddling = fc.array(fc.record({ key, version: fc.option(fc.oneof(version, fc.constant('9'))) }))

function meddle(before: readonly LiveItem[], others: readonly { key: string; version: string | null }[]) {
  const since = new Map(before.map((item) => [item.key, item]))
  for (const other of others) since.set(other.key, { ...other, kind: 'page', title: '', uncertain: false })
  return [...since.values()]
}

test('what something else changed since is a conflict, exactly that, and is left', (t: TestContext) => {
  holds(
    fc.property(changeSet, certainLive, meddling, (items, before, others) => {
      const first = deploy(items, before)
      const now = meddle(first.after, others)
      const { items: back, conflicts } = chooseRollback(first.done, now)
      const at = worldOf(now)
      const expected = first.done.filter((item) => (at.get(item.key) ?? null) !== item.after)
      t.assert.deepStrictEqual(
        conflicts.map(({ key: name, expected: left, found }) => [name, left, found]),
        expected.map((item) => [item.key, item.after, at.get(item.key) ?? null]),
      )
      const was = worldOf(before)
      const then = worldOf(deploy(back, now).after)
      const restored = new Set(back.map((item) => item.key))
      for (const name of new Set([...was.keys(), ...at.keys()]))
        t.assert.strictEqual(then.get(name), restored.has(name) ? was.get(name) : at.get(name), name)
    }),
  )
})

test('what is changed while a rollback waits its turn is left, and told', (t: TestContext) => {
  holds(
    fc.property(changeSet, certainLive, meddling, (items, before, others) => {
      const first = deploy(items, before)
      const { items: back } = chooseRollback(first.done, first.after)
      const now = meddle(first.after, others)
      const planned = planChanges({ scope: 'change_set', items: back, live: now, forced: false })
      const changes = leaveConflicts(planned, first.done, now)
      const [was, at, then] = [worldOf(before), worldOf(now), worldOf(carryOut(now, changes))]
      for (const { key: name, after } of first.done) {
        const changed = (at.get(name) ?? null) !== after
        t.assert.strictEqual(then.get(name), changed ? at.get(name) : was.get(name), name)
        const told = changes.find((change) => change.key === name)?.conflict !== undefined
        // What is already as it was before needs no word.
        t.assert.strictEqual(told, changed && at.get(name) !== was.get(name), name)
      }
    }),
  )
})

test('an uncertain item is put back whatever it seems to be', (t: TestContext) => {
  const done: DoneItem[] = [
    { key: 'a', kind: 'page', title: 'A', action: 'publish', before: '1', after: '2' },
  ]
  const now: LiveItem = { key: 'a', kind: 'page', title: 'A', version: '7', uncertain: true }
  t.assert.deepStrictEqual(chooseRollback(done, [now]), {
    items: [{ key: 'a', kind: 'page', title: 'A', action: 'publish', version: '1' }],
    conflicts: [],
  })
  t.assert.deepStrictEqual(chooseRollback(done, [{ ...now, uncertain: false }]), {
    items: [],
    conflicts: [{ key: 'a', title: 'A', expected: '2', found: '7' }],
  })
  t.assert.deepStrictEqual(chooseRollback(done, []).conflicts, [
    { key: 'a', title: 'A', expected: '2', found: null },
  ])
})

test('a whole state goes back to all that was live before', (t: TestContext) => {
  holds(
    fc.property(wholeState, live, (items, before) => {
      const changes = planChanges({ scope: 'whole_state', items, live: before, forced: false })
      const after = carryOut(before, changes)
      const chosen = chooseWholeStateRollback(changes)
      t.assert.ok(chosen.every((item) => item.action === 'set' && item.version !== null))
      const back = planChanges({
        scope: 'whole_state',
        items: chosen,
        live: after,
        forced: false,
      })
      t.assert.deepStrictEqual(sorted(carryOut(after, back)), sorted(before))
    }),
  )
})

test('a rollback of a whole state can itself be put back: that is what was rolled back, again', (t: TestContext) => {
  holds(
    fc.property(wholeState, certainLive, meddling, (items, before, others) => {
      const bring = (wanted: typeof items, live: readonly LiveItem[]) => {
        const changes = planChanges({ scope: 'whole_state', items: wanted, live, forced: false })
        return { changes, after: carryOut(live, changes) }
      }
      const first = bring(items, before)
      // Whatever else came since: a whole state has no conflicts.
      const now = meddle(first.after, others)
      const back = bring(chooseWholeStateRollback(first.changes), now)
      t.assert.deepStrictEqual(sorted(back.after), sorted(before))
      const forth = bring(chooseWholeStateRollback(back.changes), back.after)
      t.assert.deepStrictEqual(sorted(forth.after), sorted(now))
    }),
  )
})

test('what was set is set back, and what was not there before it goes', (t: TestContext) => {
  holds(
    fc.property(wholeState, certainLive, (items, before) => {
      const changes = planChanges({ scope: 'change_set', items, live: before, forced: false })
      const after = carryOut(before, changes)
      const { items: back, conflicts } = chooseRollback(doneOf(changes), after)
      t.assert.deepStrictEqual(conflicts, [])
      t.assert.ok(back.every(({ action }) => action === 'set'))
      const undone = planChanges({ scope: 'change_set', items: back, live: after, forced: false })
      t.assert.ok(undone.every(({ action, after: to }) => (to === null) === (action === 'delete')))
      t.assert.deepStrictEqual(sorted(carryOut(after, undone)), sorted(before))
    }),
  )
})
