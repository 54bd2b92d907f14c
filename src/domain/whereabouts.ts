import type { LiveItem, PinnedItem } from './item.ts'
import type { Scope } from './revision.ts'

export type Whereabouts = 'wholly' | 'partly' | 'not'

/**
 * Whether an environment is at a revision: derived from its live items, never stored. `live` is what is there under
 * the items' keys, for a whole state all that is there: it is not wholly there beside something else.
 */
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
  if (there === items.length && items.length > 0 && others === 0) return 'wholly'
  return there === 0 ? 'not' : 'partly'
}

function countOthers(items: readonly PinnedItem[], live: readonly LiveItem[]): number {
  const named = new Set(items.map((item) => item.key))
  return live.filter((item) => !named.has(item.key) && (item.version !== null || item.uncertain)).length
}
