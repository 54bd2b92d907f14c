import type { LiveItem, PinnedItem } from '#domain/item.ts'
import type { Change } from '#domain/plan.ts'
import type { Scope } from '#domain/revision.ts'

/** What an executor is asked to plan: items already narrowed to those selected. */
export interface Task {
  deployment_id: string
  project_id: string
  environment_id: string
  /** The author of the deployment, recorded on what it publishes. */
  requested_by: string | null
  scope: Scope
  items: readonly PinnedItem[]
  /** What is live under the items' keys; for a whole state, everything that is live. */
  live: readonly LiveItem[]
  forced: boolean
  /** It puts back what was live before: rules that came later do not keep it from that. */
  restores?: boolean
}

/** An item that could not be done although its plan had no fault. */
export interface ItemFault {
  key: string
  code: string
  reason: string
}

interface Common {
  name: string
  /**
   * What may be done after the process died in the middle: `repeat` plans and applies again, `look` finds the run
   * by the deployment's id first, `never` ends what is left and fails with outcome_unknown.
   */
  after_loss: 'repeat' | 'look' | 'never'
  /** Every deployment runs, whatever is live: each is planned and recorded as if it were forced. */
  never_unchanged?: boolean
}

/**
 * Changes only our own store: it is handed the transaction in which results, live, state and event are recorded,
 * so that a crash leaves all of it or nothing.
 */
export interface StoreExecutor<Tx = unknown> extends Common {
  scope: 'store'
  /** The changes, with a fault on those that cannot be made. Reads only. */
  plan(db: Tx, task: Task): Promise<Change[]>
  /** Makes the changes of the stored plan `plan_id` that have no fault. `at` is the time of publication. */
  apply(tx: Tx, task: Task, plan: { plan_id: string; at: Date }): Promise<ItemFault[]>
}

/** Changes the world outside: its intent is stored before, its result after. */
export interface OutsideExecutor extends Common {
  scope: 'outside'
  plan(task: Task): Promise<Change[]>
  apply(task: Task, changes: readonly Change[], signal: AbortSignal): Promise<ItemFault[]>
}

export type Executor<Tx = unknown> = StoreExecutor<Tx> | OutsideExecutor
