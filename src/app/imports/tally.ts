import type { ImportCounts } from '#store/content-import.ts'
import type { Note } from './content-format.ts'

export type Outcome = 'created' | 'updated' | 'unchanged' | 'skipped' | 'requested' | 'waiting'
export type Counted = 'locale' | 'environment' | 'content_type' | 'folder' | 'asset' | 'entry' | 'publication'

/** What a piece of work did, until it is written down with what it did. */
export interface Tally {
  counts: ImportCounts
  notes: Note[]
}

export function newTally(): Tally {
  return { counts: {}, notes: [] }
}

export function count(tally: Tally, what: Counted, outcome: Outcome, times = 1): void {
  if (times === 0) return
  const kind = (tally.counts[what] ??= {})
  kind[outcome] = (kind[outcome] ?? 0) + times
}

/** Leaves something out, and says so. */
export function skip(
  tally: Tally,
  what: Counted,
  { file, item, detail }: Omit<Note, 'kind'>,
  times = 1,
): void {
  count(tally, what, 'skipped', times)
  tally.notes.push({ kind: 'skipped', file, detail, ...(item === undefined ? {} : { item }) })
}

export function addCounts(to: ImportCounts, more: ImportCounts): ImportCounts {
  const sum: ImportCounts = structuredClone(to)
  for (const [kind, outcomes] of Object.entries(more)) {
    const known = (sum[kind] ??= {})
    for (const [outcome, times] of Object.entries(outcomes)) known[outcome] = (known[outcome] ?? 0) + times
  }
  return sum
}
