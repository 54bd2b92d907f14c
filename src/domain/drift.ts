import type { AttributeChange, DriftedThing } from './effect.ts'

/** Drift that is known and may stay: of an item, of one thing in it, or of one attribute of it or below it. */
export interface IgnoreRule {
  item_key: string
  /** Null: all of them. */
  address: string | null
  attribute: string | null
  /** Null: until it is taken back. */
  until: Date | null
}

/** What drifted, with what is ignored at this time marked so. Marks that were there before do not count. */
export function markIgnored(
  things: readonly DriftedThing[],
  rules: readonly IgnoreRule[],
  at: Date,
): DriftedThing[] {
  const inForce = rules.filter(({ until }) => until === null || until > at)
  return things.map(({ ignored: _, ...thing }) => {
    const about = inForce.filter(
      ({ item_key, address }) =>
        item_key === thing.item_key && (address === null || address === thing.address),
    )
    const whole = about.some(({ attribute }) => attribute === null)
    const attributes = thing.attributes.map(({ ignored: _before, ...change }) =>
      whole || about.some((rule) => covers(rule.attribute, change.attribute))
        ? { ...change, ignored: true }
        : change,
    )
    // What is gone is more than any of its attributes.
    const all = thing.action === 'update' && attributes.length > 0 && attributes.every(isIgnored)
    return { ...thing, attributes, ...(whole || all ? { ignored: true } : {}) }
  })
}

/** How many things drifted and are not ignored, and how many are. */
export function countDrift(things: readonly DriftedThing[]): { drifted: number; ignored: number } {
  const ignored = things.filter((thing) => thing.ignored).length
  return { drifted: things.length - ignored, ignored }
}

/** Whether something drifted now, and is not ignored, that was not so before. */
export function isNews(before: readonly DriftedThing[], now: readonly DriftedThing[]): boolean {
  const known = new Set(before.flatMap(wordsOf))
  return now.flatMap(wordsOf).some((word) => !known.has(word))
}

function wordsOf({ address, action, attributes, ignored }: DriftedThing): string[] {
  if (ignored) return []
  if (action === 'delete') return [JSON.stringify([address, action])]
  return attributes
    .filter((change) => !isIgnored(change))
    .map(({ attribute, after, sensitive }) => JSON.stringify([address, attribute, sensitive ? null : after]))
}

/** An attribute covers what lies below it: `tags` covers `tags.owner` and `tags[0]`. */
function covers(named: string | null, attribute: string): boolean {
  if (named === null || !attribute.startsWith(named)) return false
  return attribute.length === named.length || '.['.includes(attribute.charAt(named.length))
}

function isIgnored({ ignored }: AttributeChange & { ignored?: boolean }): boolean {
  return ignored === true
}
