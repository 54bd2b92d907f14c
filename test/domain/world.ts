import type { LiveItem } from '#domain/item.ts'
import type { Change } from '#domain/plan.ts'

/** An environment as a reader sees it: what is there, at which version. */
export type World = ReadonlyMap<string, string>

export function worldOf(live: readonly LiveItem[]): World {
  return new Map(live.flatMap(({ key, version }) => (version === null ? [] : [[key, version] as const])))
}

/** What the executors are to do, in the simplest way there is: the measure that plans are held against. */
export function carryOut(live: readonly LiveItem[], changes: readonly Change[]): LiveItem[] {
  const at = new Map(live.map((item) => [item.key, item]))
  for (const { key, kind, title, action, after, fault } of changes)
    if (action !== 'none' && !fault) at.set(key, { key, kind, title, version: after, uncertain: false })
  return [...at.values()]
}
