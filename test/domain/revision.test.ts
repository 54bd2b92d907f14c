import { createHash } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import type { PinnedItem } from '#domain/item.ts'
import { digestOf, digestOfOrdered, revisionDigest, scopeOfKind, type Scope } from '#domain/revision.ts'
import { changeSet, pinned, shuffled } from './arbitrary-items.ts'
import { holds } from './holds.ts'

/** What two revisions must share to be one: written down here a second time, without canonical JSON. */
function saying(scope: Scope, items: readonly PinnedItem[]): string {
  return JSON.stringify([
    scope,
    ...items.map((i) => JSON.stringify([i.key, i.kind, i.action, i.version])).toSorted(),
  ])
}

test('the order of items and their titles say nothing', () => {
  const shuffledAndRenamed = pinned.chain(({ scope, items }) =>
    fc.record({
      scope: fc.constant(scope),
      items: fc.constant(items),
      other: shuffled(items),
      title: fc.string(),
    }),
  )
  holds(
    fc.property(shuffledAndRenamed, ({ scope, items, other, title }) => {
      const renamed = other.map((item) => ({ ...item, title }))
      return revisionDigest(scope, items) === revisionDigest(scope, renamed)
    }),
  )
})

test('equal digests and equal sayings are the same thing', () => {
  holds(
    fc.property(pinned, pinned, (a, b) => {
      const same = revisionDigest(a.scope, a.items) === revisionDigest(b.scope, b.items)
      return same === (saying(a.scope, a.items) === saying(b.scope, b.items))
    }),
  )
})

test('any change of an item matters', () => {
  const others = {
    key: 'another',
    kind: 'another',
    action: 'set',
    version: '99',
  } as const
  holds(
    fc.property(
      changeSet.filter((items) => items.length > 0),
      fc.nat(),
      fc.constantFrom('key', 'kind', 'action', 'version'),
      (items, at, field) => {
        const changed = items.map((item, n) =>
          n === at % items.length ? { ...item, [field]: others[field] } : item,
        )
        return revisionDigest('change_set', items) !== revisionDigest('change_set', changed)
      },
    ),
  )
})

test('one item more or less matters, and so does the scope', () => {
  holds(
    fc.property(
      changeSet.filter((items) => items.length > 0),
      (items) =>
        revisionDigest('change_set', items) !== revisionDigest('change_set', items.slice(1)) &&
        revisionDigest('change_set', items) !== revisionDigest('whole_state', items),
    ),
  )
})

test('no version is not the version of an empty text', (t: TestContext) => {
  const item: PinnedItem = { key: 'a', kind: 'page', action: 'unpublish', version: null, title: '' }
  t.assert.notStrictEqual(
    revisionDigest('change_set', [item]),
    revisionDigest('change_set', [{ ...item, version: '' }]),
  )
})

test('the digest is SHA-256 over canonical JSON, and stays so', (t: TestContext) => {
  const items: PinnedItem[] = [
    { key: 'b', kind: 'page', action: 'publish', version: '2', title: 'B' },
    { key: 'a', kind: 'page', action: 'unpublish', version: null, title: 'A' },
  ]
  // RFC 8785: members sorted by name, no space.
  const canonical =
    '{"items":[{"action":"unpublish","key":"a","kind":"page","version":null},' +
    '{"action":"publish","key":"b","kind":"page","version":"2"}],"scope":"change_set"}'
  const expected = `sha256:${createHash('sha256').update(canonical).digest('hex')}`
  t.assert.strictEqual(revisionDigest('change_set', items), expected)
  t.assert.strictEqual(expected, 'sha256:cae68cf58c62e80b322492b43dadf05caa0f4ed0c0d992ffe02fea5e96670f40')
})

test('the order of members says nothing, that of a list does', () => {
  const json = fc.jsonValue({ maxDepth: 3 })
  holds(
    fc.property(fc.dictionary(fc.string(), json, { noNullPrototype: true }), (value) => {
      const backwards = Object.fromEntries(Object.entries(value).toReversed())
      return digestOf(value) === digestOf(backwards)
    }),
  )
  holds(
    fc.property(
      json,
      json,
      (a, b) => (digestOf([a, b]) === digestOf([b, a])) === (digestOf(a) === digestOf(b)),
    ),
  )
})

test('what JSON cannot say has no digest', (t: TestContext) => {
  for (const value of [undefined, Number.NaN, Number.POSITIVE_INFINITY, () => 1, Symbol('x'), 1n])
    t.assert.throws(() => digestOf(value))
})

test('a content revision is a change set; one of code, data or infra is a whole state', (t: TestContext) => {
  t.assert.deepStrictEqual((['content', 'code', 'data', 'infra'] as const).map(scopeOfKind), [
    'change_set',
    'whole_state',
    'whole_state',
    'whole_state',
  ])
})

test('what stands in order is digested as canonical JSON is', (t: TestContext) => {
  holds(
    fc.property(pinned, ({ scope, items }) => {
      const said = items.map(({ action, key, kind, version }) => ({ action, key, kind, version }))
      t.assert.strictEqual(digestOfOrdered({ items: said, scope }), digestOf({ scope, items: said }))
    }),
  )
  t.assert.strictEqual(revisionDigest('change_set', []), digestOf({ scope: 'change_set', items: [] }))
})
