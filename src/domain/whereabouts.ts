import type { LiveItem, PinnedItem } from './item.ts'
import type { Scope } from './revision.ts'

export type Whereabouts = 'wholly' | 'partly' | 'not'

/** How much of a revision is live in an environment. */
export interface Presence {
  /** How many items it has, and how many of them are exactly so there. */
  items: number
  there: number
  /** What is live beside them, which a whole state does not tolerate. */
  others: number
}

/** Whether an environment is at a revision: derived from its live items, never stored. */
export function whereaboutsOf({ items, there, others }: Presence): Whereabouts {
  if (there === items && items > 0 && others === 0) return 'wholly'
  return there === 0 ? 'not' : 'partly'
}

/** The same from the items. `live` is what is there under their keys, for a whole state all that is there. */
export function whereabouts(
  items: readonly PinnedItem[],
  live: readonly LiveItem[],
  scope: Scope = 'change_set',
): Whereabouts {
  const at = new Map(live.map((item) => [item.key, item]))
  let there = 0
  for (const item of items) {
    const now = at.get(item.key)
    const wanted = item.action === 'unpublish' ? null : item.version
    if (!now?.uncertain && (now?.version ?? null) === wanted) there += 1
  }
  const others = scope === 'whole_state' ? countOthers(items, live) : 0
  return whereaboutsOf({ items: items.length, there, others })
}

function countOthers(items: readonly PinnedItem[], live: readonly LiveItem[]): number {
  const named = new Set(items.map((item) => item.key))
  return live.filter((item) => !named.has(item.key) && (item.version !== null || item.uncertain)).length
}
