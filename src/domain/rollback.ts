import type { LiveItem, PinnedItem } from './item.ts'
import type { Change, ChangeAction } from './plan.ts'

/** What a deployment did to an item, or may have done: nothing else can be put back. */
export interface DoneItem {
  key: string
  kind: string
  title: string
  action: ChangeAction
  before: string | null
  after: string | null
}

export interface RollbackConflict {
  key: string
  title: string
  /** What the deployment left, and what is there now. */
  expected: string | null
  found: string | null
}

export interface RollbackChoice {
  items: PinnedItem[]
  conflicts: RollbackConflict[]
}

/**
 * The change set that puts a change set back: each item's recorded `before` is restored, or unpublished where it
 * was not there. An item that something else changed since is a conflict: listed, and left.
 */
export function chooseRollback(done: readonly DoneItem[], live: readonly LiveItem[]): RollbackChoice {
  const at = new Map(live.map((item) => [item.key, item]))
  const items: PinnedItem[] = []
  const conflicts: RollbackConflict[] = []
  for (const item of done) {
    const now = at.get(item.key)
    const found = now?.version ?? null
    if (found !== item.after && !now?.uncertain) {
      conflicts.push({ key: item.key, title: item.title, expected: item.after, found })
    } else {
      items.push(restored(item))
    }
  }
  return { items, conflicts }
}

function restored({ key, kind, title, action, before }: DoneItem): PinnedItem {
  const content = action === 'publish' || action === 'unpublish'
  const back = content ? (before === null ? 'unpublish' : 'publish') : 'set'
  return { key, kind, title, action: back, version: before }
}

/**
 * The plan of a rollback that waited its turn: what something else changed after it was asked for, but before it
 * came to run, is left as it is, like any other conflict.
 */
export function leaveConflicts(
  changes: readonly Change[],
  done: readonly DoneItem[],
  live: readonly LiveItem[],
): Change[] {
  const conflicts = new Map(chooseRollback(done, live).conflicts.map((conflict) => [conflict.key, conflict]))
  return changes.map((change) => {
    const conflict = conflicts.get(change.key)
    if (!conflict || change.action === 'none') return change
    const { fault: _, ...rest } = change
    const reason = `It is at ${conflict.found ?? 'nothing'} now, not at ${conflict.expected ?? 'nothing'} as it was left.`
    return { ...rest, action: 'none', after: change.before, undo: 'none_needed', conflict: { reason } }
  })
}

/** For a whole state: all that was live before, by what its own plan found. Whatever came since goes. */
export function chooseWholeStateRollback(
  changes: readonly Pick<Change, 'key' | 'kind' | 'title' | 'before'>[],
): PinnedItem[] {
  return changes
    .filter((change) => change.before !== null)
    .map(({ key, kind, title, before }) => ({ key, kind, title, action: 'set', version: before }))
}
