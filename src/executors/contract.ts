import type { Effect } from '#domain/effect.ts'
import type { LiveItem, PinnedItem } from '#domain/item.ts'
import type { Json } from '#domain/json.ts'
import type { Change } from '#domain/plan.ts'
import type { OrderCandidate } from '#domain/order-vocabulary.ts'
import type { Scope } from '#domain/revision.ts'
import type { RunKind } from '#domain/run-lifecycle.ts'

export type { OrderCandidate, OrderVocabulary } from '#domain/order-vocabulary.ts'

export type { Json }

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
  /** Of which try this is. */
  attempt?: number
  /** All of the revision's items, also where only some are selected; `selected` says whether that is so. */
  whole?: readonly PinnedItem[]
  selected?: boolean
  /** Whether what really is there is looked at first. */
  refresh?: boolean
  /** Whether anything may be destroyed. */
  allow_destroy?: boolean
  /** What headgate.yaml says of this executor here, its secrets open. */
  settings?: { readonly [key: string]: unknown }
}

/** What an executor may touch while it makes a plan that is work by itself. */
export type PlanTools = Pick<Tools, 'log' | 'signal' | 'now'>

/** A plan that was made outside. */
export type MadePlan =
  | {
      state: 'made'
      changes: readonly Change[]
      effects: readonly Effect[]
      /** What carries out exactly this plan; `blob` is the digest of what it keeps among the blobs. */
      kept: KeptPlan
      /** Somebody has to agree to it, whatever the environment says; why. */
      needs_approval?: string
    }
  | { state: 'failed'; code: string; detail: string }
  | { state: 'stopped' }

export interface KeptPlan {
  blob?: string
  [key: string]: Json | undefined
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

/** What is to be done outside: a deployment's plan, or a run. */
export interface Order {
  /** What the outside knows it by: the same however often it is sent. */
  dispatch_id: string
  kind: 'deployment' | RunKind
  /** The deployment's own id, or the run's. */
  subject_id: string
  attempt: number
  project: { id: string; key: string }
  environment: { id: string; name: string } | null
  release: { id: string; name: string } | null
  revision: { id: string; number: number; digest: string } | null
  requested_by: string | null
  plan: { id: string; digest: string; kept?: KeptPlan | null } | null
  /** What of the plan is to be done; nothing for a run. */
  changes: readonly Change[]
  /** What it deploys, builds or picks, where that is code. */
  candidate: OrderCandidate | null
  /** The deployment's number, as others outside know it; null for a run. */
  number: number | null
  /** What a run was asked with. */
  input: { readonly [key: string]: unknown }
  /** What headgate.yaml says of this executor here, its secrets open. */
  settings: { readonly [key: string]: unknown }
  /** What the executor kept of an earlier attempt. */
  progress: { readonly [key: string]: unknown }
  /** What the outside calls it: as the executor found out, or as the outside said since. */
  outside_id: string | null
  deadline_at: Date
}

/** Why an executor has to stop. `lost`: somebody else has it now; end everything, nobody wants to hear of it. */
export type StopReason = 'canceled' | 'timed_out' | 'stopping' | 'lost'

/** What an executor may touch while it works. */
export interface Tools {
  /** Says lines in the log. Wait for the answer: it slows down who says more than can be written. */
  log(stream: 'stdout' | 'stderr' | 'engine', lines: readonly string[]): Promise<void>
  /** Its reason is a StopReason. */
  signal: AbortSignal
  /** Remembers something about the dispatch, over the end of this process. */
  keep(progress: { [key: string]: Json }): Promise<void>
  /** Remembers what the outside calls it: by that its messages are told apart. */
  bind(outside_id: string): Promise<void>
  /** Where the outside says how it goes on, and a secret for that; a new one each time, all of them count. */
  openCallback(): Promise<{ url: string; token: string }>
  now(): Date
}

/** An item's own result. What is not named follows the whole. */
export interface ItemResult {
  key: string
  outcome: 'done' | 'failed'
  code?: string
  reason?: string
}

export type Ending =
  | { state: 'succeeded'; items?: readonly ItemResult[]; result?: { [key: string]: Json } }
  /** `untouched`: it failed before anything was begun, so that nothing can be half done. */
  | { state: 'failed'; code: string; detail: string; items?: readonly ItemResult[]; untouched?: boolean }
  /** It was ended because the signal said so; where `untouched` is not said, it may be half done. */
  | { state: 'stopped'; untouched?: boolean }

/**
 * Where nobody has to stay: the outside has it and calls back, or is looked at after so many seconds; or it does not have
 * it, and it is tried again later.
 */
export type Interlude = { state: 'waiting'; look_in_seconds?: number } | { state: 'pausing'; seconds: number }

/** Why the outside is looked at. */
export interface Look {
  /** Since when it is to stop. */
  canceling_since: Date | null
  /** Its time is over: whatever has not ended by now has timed out, or did not stop. */
  late: boolean
}

/** Changes the world outside: its intent is stored before, its result after. */
export interface OutsideExecutor extends Common {
  scope: 'outside'
  plan(task: Task): Promise<Change[]>
  /** Where a plan is work by itself: minutes of it, with lines in the log, to be stopped. It is asked instead of `plan`. */
  makePlan?(task: Task, tools: PlanTools): Promise<MadePlan>
  /** Whether a kept plan can still be carried out as it is. */
  isCurrent?(task: Task, kept: KeptPlan): Promise<boolean>
  /** Does it. Throws only where it broke itself: that counts as a failure which may have left things half done. */
  apply(order: Order, tools: Tools): Promise<Ending | Interlude>
  /** An invocation that is no deployment; the same as `apply` but for what it is told. */
  run?(order: Order, tools: Tools): Promise<Ending | Interlude>
  /** For `look`: what became of what was sent before; undefined where it has to be sent again. */
  find?(order: Order, tools: Tools): Promise<Ending | Interlude | undefined>
  /**
   * How what is waited for goes on, and an end where there is one. Stopping it is its matter too, by `canceling_since`:
   * `cancel` is for those that are called back.
   */
  look?(order: Order, tools: Tools, why: Look): Promise<Ending | Interlude>
  /** Asks what waits for the outside to stop. It may be sent twice. */
  cancel?(order: Order, tools: Tools): Promise<void>
  /** For `never`: ends whatever is left of it on this machine. */
  endLeft?(dispatch_id: string): Promise<void>
}

export type Executor<Tx = unknown> = StoreExecutor<Tx> | OutsideExecutor
