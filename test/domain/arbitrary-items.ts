import fc from 'fast-check'
import type { LiveItem, PinnedItem } from '#domain/item.ts'
import type { Scope } from '#domain/revision.ts'

/** Few, so that items and what is live meet often; some that JSON and sorting could stumble over. */
const keys = ['main/a/en', 'main/b/en', 'main/b/fr', 'é', '"\\', '\u{1f680}', '\uffff', 'a', 'B', '']

export const key = fc.constantFrom(...keys)
export const version = fc.constantFrom('1', '2', '3', '2@en-us')
const kind = fc.constantFrom('page', 'asset')
const title = fc.string({ maxLength: 8 })

const publish = fc.record<PinnedItem>({ key, kind, title, action: fc.constant('publish'), version })
const unpublish = fc.record<PinnedItem>({
  key,
  kind,
  title,
  action: fc.constant('unpublish'),
  version: fc.option(version),
})
const set = fc.record<PinnedItem>({ key, kind, title, action: fc.constant('set'), version })

const byKey = { selector: (item: { key: string }) => item.key }

/** What a change set pins. */
export const changeSet = fc.uniqueArray(fc.oneof(publish, unpublish), byKey)

/** What a whole state pins. */
export const wholeState = fc.uniqueArray(set, byKey)

export const live = fc.uniqueArray(
  fc.record<LiveItem>({ key, kind, title, version: fc.option(version), uncertain: fc.boolean() }),
  byKey,
)

/** Live, and nothing of it uncertain. */
export const certainLive = live.map((items) => items.map((item) => ({ ...item, uncertain: false })))

/** A scope and what it may pin. */
export const pinned: fc.Arbitrary<{ scope: Scope; items: PinnedItem[] }> = fc.oneof(
  fc.record({ scope: fc.constant('change_set' as const), items: changeSet }),
  fc.record({ scope: fc.constant('whole_state' as const), items: wholeState }),
)

/** The same items in another order. */
export function shuffled<T>(items: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length })
}
