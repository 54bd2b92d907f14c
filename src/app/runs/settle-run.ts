import type { RunKind } from '#domain/run-lifecycle.ts'
import { settleBuildIn } from '../candidates/settle-build.ts'
import type { Context, Unit } from '../context.ts'

export interface EndedRun {
  id: string
  kind: RunKind
  candidate_id: string | null
  /** Why it did not succeed; null where it did. */
  failure: string | null
}

/** What the end of a run means to whatever it was for, in the transaction that ends it. */
export async function settleRunIn(
  ctx: Context,
  unit: Unit,
  { id, kind, candidate_id, failure }: EndedRun,
): Promise<void> {
  if (candidate_id === null) return
  if (kind === 'build') await settleBuildIn(ctx, unit, { run_id: id, candidate_id, failure })
}
