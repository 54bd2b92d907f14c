import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import type { PinnedItem } from '#domain/item.ts'
import { countChanges, planChanges, touchUncertain, type Change } from '#domain/plan.ts'
import { certainLive, changeSet, live, pinned, wholeState } from './arbitrary-items.ts'
import { holds } from './holds.ts'
import { carryOut, worldOf, type World } from './world.ts'

const versionWanted = (item: PinnedItem) => (item.action === 'unpublish' ? null : item.version)

function same(t: TestContext, found: World, wanted: World): void {
  t.assert.deepStrictEqual([...found].toSorted(), [...wanted].toSorted())
}

test('a change set brings what it names and leaves alone what it does not', (t: TestContext) => {
  holds(
    fc.property(changeSet, live, fc.boolean(), (items, before, forced) => {
      const changes = planChanges({ scope: 'change_set', items, live: before, forced })
      t.assert.deepStrictEqual(
        changes.map((change) => change.key),
        items.map((item) => item.key),
      )
      const wanted = new Map(worldOf(before))
      for (const item of items) {
        const version = versionWanted(item)
        if (version === null) wanted.delete(item.key)
        else wanted.set(item.key, version)
      }
      same(t, worldOf(carryOut(before, changes)), wanted)
    }),
  )
})

test('a whole state brings what it names and removes the rest', (t: TestContext) => {
  holds(
    fc.property(wholeState, live, fc.boolean(), (items, before, forced) => {
      const changes = planChanges({ scope: 'whole_state', items, live: before, forced })
      const wanted = new Map(items.map((item) => [item.key, item.version ?? '']))
      same(t, worldOf(carryOut(before, changes)), wanted)
      const removed = changes.slice(items.length).map((change) => change.key)
      const unnamed = before.map((item) => item.key).filter((key) => !wanted.has(key))
      t.assert.deepStrictEqual(removed.toSorted(), unnamed.toSorted())
    }),
  )
})

test('planning again after it was carried out finds nothing to do', () => {
  holds(
    fc.property(pinned, live, (revision, before) => {
      const first = planChanges({ ...revision, live: before, forced: false })
      const second = planChanges({ ...revision, live: carryOut(before, first), forced: false })
      return second.every((change) => change.action === 'none' && change.undo === 'none_needed')
    }),
  )
})

test('forced, every named item is done, whatever is live', () => {
  holds(
    fc.property(pinned, live, (revision, before) => {
      const changes = planChanges({ ...revision, live: before, forced: true })
      return changes.slice(0, revision.items.length).every((change) => change.action !== 'none')
    }),
  )
})

test('nothing uncertain is ever called unchanged', () => {
  holds(
    fc.property(pinned, live, fc.boolean(), (revision, before, forced) => {
      const uncertain = new Set(before.filter((item) => item.uncertain).map((item) => item.key))
      const changes = planChanges({ ...revision, live: before, forced })
      return changes.every((change) => change.action !== 'none' || !uncertain.has(change.key))
    }),
  )
})

test('what is certain and where it should be is unchanged', () => {
  holds(
    fc.property(pinned, certainLive, (revision, before) => {
      const at = worldOf(before)
      const changes = planChanges({ ...revision, live: before, forced: false })
      return changes.every(
        (change) => (change.action === 'none') === ((at.get(change.key) ?? null) === change.after),
      )
    }),
  )
})

test('a change says what was there, and how it is put back', (t: TestContext) => {
  holds(
    fc.property(pinned, live, (revision, before) => {
      const at = worldOf(before)
      for (const change of planChanges({ ...revision, live: before, forced: false })) {
        t.assert.strictEqual(change.before, at.get(change.key) ?? null)
        const named = revision.items.find((item) => item.key === change.key)
        t.assert.strictEqual(change.after, named ? versionWanted(named) : null)
        if (change.action === 'none') t.assert.strictEqual(change.undo, 'none_needed')
        else if (named) t.assert.strictEqual(change.undo, change.before === null ? 'unpublish' : 'restore')
      }
    }),
  )
})

test('each action by its name', (t: TestContext) => {
  const item = (key: string, action: PinnedItem['action'], version: string | null): PinnedItem => ({
    key,
    kind: 'page',
    action,
    version,
    title: key,
  })
  const here = (key: string, version: string | null, uncertain = false) => ({
    key,
    kind: 'page',
    title: key,
    version,
    uncertain,
  })
  const said = (changes: Change[]) =>
    changes.map(({ key, action, before, after, undo }) => [key, action, before, after, undo])

  const content = planChanges({
    scope: 'change_set',
    items: [
      item('new', 'publish', '1'),
      item('newer', 'publish', '2'),
      item('same', 'publish', '1'),
      item('unsure', 'publish', '1'),
      item('off', 'unpublish', null),
      item('never', 'unpublish', null),
    ],
    live: [
      here('newer', '1'),
      here('same', '1'),
      here('unsure', '1', true),
      here('off', '4'),
      here('other', '1'),
    ],
    forced: false,
  })
  t.assert.deepStrictEqual(said(content), [
    ['new', 'publish', null, '1', 'unpublish'],
    ['newer', 'publish', '1', '2', 'restore'],
    ['same', 'none', '1', '1', 'none_needed'],
    ['unsure', 'publish', '1', '1', 'restore'],
    ['off', 'unpublish', '4', null, 'restore'],
    ['never', 'none', null, null, 'none_needed'],
  ])

  const whole = planChanges({
    scope: 'whole_state',
    items: [item('new', 'set', 'h1'), item('old', 'set', 'h2')],
    live: [here('old', 'h1'), here('gone', null), here('unsure', null, true), here('other', 'h9')],
    forced: false,
  })
  t.assert.deepStrictEqual(said(whole), [
    ['new', 'create', null, 'h1', 'unpublish'],
    ['old', 'update', 'h1', 'h2', 'restore'],
    ['gone', 'none', null, null, 'none_needed'],
    ['other', 'delete', 'h9', null, 'restore'],
    ['unsure', 'delete', null, null, 'restore'],
  ])
})

test('counts name each action, and what cannot be done', (t: TestContext) => {
  const change = (action: Change['action'], fault?: Change['fault']): Change => ({
    key: 'a',
    kind: 'page',
    title: '',
    action,
    before: null,
    after: null,
    undo: 'none_needed',
    ...(fault ? { fault } : {}),
  })
  const changes = [
    change('publish'),
    change('none'),
    change('publish'),
    change('publish', { code: 'x', reason: 'y' }),
  ]
  t.assert.deepStrictEqual(countChanges(changes), { publish: 2, none: 1, faulty: 1 })
  t.assert.deepStrictEqual(countChanges([]), {})
})

test('no plan calls an uncertain item unchanged, whatever its executor says', () => {
  holds(
    fc.property(changeSet, live, (items, now) => {
      const said = planChanges({ scope: 'change_set', items, live: now, forced: false }).map(
        (change): Change => ({ ...change, action: 'none', undo: 'none_needed' }),
      )
      const uncertain = new Set(now.flatMap((item) => (item.uncertain ? [item.key] : [])))
      const sure = touchUncertain(said, now)
      return sure.every((change, n) =>
        uncertain.has(change.key)
          ? change.action !== 'none' && change.undo !== 'none_needed'
          : change === said[n],
      )
    }),
  )
})
