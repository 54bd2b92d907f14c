import { byKey, type LiveItem, type PinnedItem } from './item.ts'
import { digestOfOrdered, type Scope } from './revision.ts'

export type ChangeAction =
  | 'create'
  | 'update'
  | 'delete'
  | 'publish'
  | 'unpublish'
  | 'activate'
  | 'run'
  | 'none'

/** One change that bringing an environment to a revision would make. */
export interface Change {
  key: string
  kind: string
  title: string
  action: ChangeAction
  /** Live before, and after. Null: not there. */
  before: string | null
  after: string | null
  /** How it can be put back, or that it cannot. */
  undo: 'restore' | 'unpublish' | 'none_needed' | 'impossible'
  /** Why this change cannot be made. The rest may still be, where the deployment continues on failed items. */
  fault?: { code: string; reason: string }
  /** What somebody should know before it is made; it is made all the same. */
  warning?: { code: string; reason: string }
  /** Nobody asked for it, but something that was asked for stands on it. */
  dragged?: true
  /** Of all that it does inside the item, where that does not follow from before and after. */
  effects_digest?: string
  /** Something else changed it since what is being rolled back: left as it is, on purpose. */
  conflict?: { reason: string }
}

export interface PlanInput {
  scope: Scope
  items: readonly PinnedItem[]
  live: readonly LiveItem[]
  forced: boolean
}

/**
 * What bringing live to the items would change, in the items' order; removals of a whole state come last, by key.
 * Nothing uncertain is ever called unchanged.
 */
export function planChanges({ scope, items, live, forced }: PlanInput): Change[] {
  const at = new Map(live.map((item) => [item.key, item]))
  const changes = items.map((item) => changeOf(item, at.get(item.key), forced))
  if (scope === 'change_set') return changes
  const named = new Set(items.map((item) => item.key))
  const unnamed = live.filter((item) => !named.has(item.key))
  return [...changes, ...unnamed.toSorted(byKey).map(removalOf)]
}

function changeOf(item: PinnedItem, live: LiveItem | undefined, forced: boolean): Change {
  const before = live?.version ?? null
  const after = item.action === 'unpublish' ? null : item.version
  const same = before === after && !live?.uncertain && !forced
  return {
    key: item.key,
    kind: item.kind,
    title: item.title,
    action: same ? 'none' : actionFor(item, before),
    before,
    after,
    undo: same ? 'none_needed' : before === null ? 'unpublish' : 'restore',
  }
}

function actionFor(item: PinnedItem, before: string | null): ChangeAction {
  if (item.action !== 'set') return item.action
  if (item.version === null) return 'delete'
  return before === null ? 'create' : 'update'
}

function removalOf(item: LiveItem): Change {
  const gone = item.version === null && !item.uncertain
  return {
    key: item.key,
    kind: item.kind,
    title: item.title,
    action: gone ? 'none' : 'delete',
    before: item.version,
    after: null,
    undo: gone ? 'none_needed' : 'restore',
  }
}

/** What is uncertain is unchanged in no plan, whatever its executor says: it is done once more. */
export function touchUncertain(changes: readonly Change[], live: readonly LiveItem[]): readonly Change[] {
  const uncertain = new Set(live.flatMap((item) => (item.uncertain ? [item.key] : [])))
  if (uncertain.size === 0) return changes
  return changes.map((change) => {
    if (change.action !== 'none' || change.conflict || !uncertain.has(change.key)) return change
    const { before, after } = change
    const action = after === null ? 'delete' : before === null ? 'create' : 'update'
    return { ...change, action, undo: before === null ? 'unpublish' : 'restore' }
  })
}

/**
 * Two plans with the same digest do the same to the same environment from the same state, and the other way round:
 * neither titles nor the order in which rows were read are part of it, or an approval would be lost for nothing.
 */
export function planDigest(environmentId: string, changes: readonly Change[]): string {
  const said = changes.map(({ key, action, before, after, effects_digest, fault }) => ({
    action,
    after,
    before,
    ...(effects_digest === undefined ? {} : { effects: effects_digest }),
    fault: fault?.code ?? null,
    key,
  }))
  said.sort(byKey)
  return digestOfOrdered({ changes: said, environment: environmentId })
}

/** How many changes of each action a plan holds, how many cannot be made, and of how many somebody is `warned`. */
export function countChanges(changes: readonly Change[]): Record<string, number> {
  const counts: Record<string, number> = {}
  const count = (word: string) => (counts[word] = (counts[word] ?? 0) + 1)
  for (const { fault, action, warning } of changes) {
    count(fault ? 'faulty' : action)
    if (warning) count('warned')
  }
  return counts
}
