import type { RunKind } from '#domain/run-lifecycle.ts'
import type { JsonObject } from '#store/columns.ts'
import { settleBuildIn } from '../candidates/settle-build.ts'
import type { Context, Unit } from '../context.ts'
import { settleDriftIn } from '../drift/settle-drift.ts'
import { settlePickIn } from '../picks/settle-pick.ts'

export interface EndedRun {
  id: string
  kind: RunKind
  candidate_id: string | null
  /** Why it did not succeed; null where it did. */
  failure: string | null
  /** What its executor said of it, where it succeeded. */
  result?: JsonObject | undefined
}

/** What the end of a run means to whatever it was for, in the transaction that ends it. */
export async function settleRunIn(
  ctx: Context,
  unit: Unit,
  { id, kind, candidate_id, failure, result }: EndedRun,
): Promise<void> {
  if (kind === 'drift') return settleDriftIn(ctx, unit, { run_id: id, failure, result })
  if (candidate_id === null) return
  if (kind === 'build') await settleBuildIn(ctx, unit, { run_id: id, candidate_id, failure })
  if (kind === 'pick') await settlePickIn(ctx, unit, { run_id: id, candidate_id, failure, result })
}
