import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { countDrift, isNews, markIgnored, type IgnoreRule } from '#domain/drift.ts'
import type { DriftedThing } from '#domain/effect.ts'
import { holds } from './holds.ts'

const now = new Date('2026-11-22T00:00:00Z')
const attributes = ['content', 'tags', 'tags.owner', 'tags[0]', 'tagsy'] as const

const rule = fc.record({
  item_key: fc.constantFrom('config/a', 'config/b'),
  address: fc.constantFrom(null, 'm.one', 'm.two'),
  attribute: fc.constantFrom(null, ...attributes),
  until: fc.constantFrom(null, new Date(now.getTime() - 1), now, new Date(now.getTime() + 1)),
})
const thing: fc.Arbitrary<DriftedThing> = fc.record({
  item_key: fc.constantFrom('config/a', 'config/b'),
  address: fc.constantFrom('m.one', 'm.two'),
  action: fc.constantFrom('update', 'delete'),
  attributes: fc.array(
    fc.record({ attribute: fc.constantFrom(...attributes), before: fc.constant('A'), after: fc.integer() }),
    { minLength: 1, maxLength: 4 },
  ),
})
const things = fc.array(thing, { maxLength: 5 })
const rules = fc.array(rule, { maxLength: 4 })

const named = (said: Partial<IgnoreRule>): IgnoreRule => ({
  ...{ item_key: 'config/a', address: null, attribute: null, until: null },
  ...said,
})
const update = (attribute: string, after = 'B'): DriftedThing => ({
  ...{ item_key: 'config/a', address: 'm.one', action: 'update' },
  attributes: [{ attribute, before: 'A', after }],
})

test('what is ignored is still there, and marked', () => {
  holds(
    fc.property(things, rules, (found, said) => {
      const marked = markIgnored(found, said, now)
      const { drifted, ignored } = countDrift(marked)
      return (
        drifted + ignored === found.length &&
        markIgnored(marked, [], now).every((one) => !one.ignored && !one.attributes.some((a) => a.ignored)) &&
        JSON.stringify(markIgnored(marked, said, now)) === JSON.stringify(marked)
      )
    }),
  )
})

test('a rule that is over says nothing, and one of another item neither', () => {
  holds(
    fc.property(things, rules, (found, said) => {
      const over = said.map((one) => ({ ...one, until: now }))
      const elsewhere = said.map((one) => ({ ...one, item_key: 'config/c' }))
      return [over, elsewhere].every((none) => countDrift(markIgnored(found, none, now)).ignored === 0)
    }),
  )
})

test('an attribute covers what lies below it and nothing beside it; what is gone is covered by none', () => {
  const ignored = (attribute: string, thingSaid: DriftedThing) =>
    markIgnored([thingSaid], [named({ attribute })], now)[0]!.ignored === true
  assert.ok(ignored('tags', update('tags.owner')))
  assert.ok(ignored('tags', update('tags[0]')))
  assert.ok(!ignored('tags', update('tagsy')))
  assert.ok(!ignored('tags.owner', update('tags')))
  assert.ok(!ignored('tags', { ...update('tags'), action: 'delete' }))
  const gone = markIgnored([{ ...update('tags'), action: 'delete' }], [named({ address: 'm.one' })], now)
  assert.ok(gone[0]!.ignored)
})

test('the same drift is no news, less of it neither; more of it is, and so is another value', () => {
  holds(fc.property(things, (found) => !isNews(found, found) && !isNews(found, found.slice(1))))
  holds(fc.property(things, (found) => isNews([], found) === found.length > 0))
  assert.ok(isNews([update('content', 'B')], [update('content', 'C')]))
  const ignored = markIgnored([update('content')], [named({})], now)
  assert.ok(!isNews([], ignored), 'what is ignored is no news')
  assert.ok(isNews(ignored, [update('content')]), 'what is ignored no more is')
})
