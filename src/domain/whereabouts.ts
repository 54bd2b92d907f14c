import type { LiveItem, PinnedItem } from './item.ts'

export type Whereabouts = 'wholly' | 'partly' | 'not'

/** Whether an environment is at a revision: derived from its live items, never stored. */
export function whereabouts(items: readonly PinnedItem[], live: readonly LiveItem[]): Whereabouts {
  const at = new Map(live.map((item) => [item.key, item]))
  let there = 0
  for (const item of items) {
    const now = at.get(item.key)
    const wanted = item.action === 'unpublish' ? null : item.version
    if (!now?.uncertain && (now?.version ?? null) === wanted) there += 1
  }
  if (there === items.length && items.length > 0) return 'wholly'
  return there === 0 ? 'not' : 'partly'
}
