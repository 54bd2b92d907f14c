import { followCandidate } from '#domain/candidate-lifecycle.ts'
import { lockCandidate, moveCandidate } from '#store/candidate.ts'
import type { Context, Unit } from '../context.ts'
import { becomeReadyIn } from './become-ready.ts'

/**
 * What the end of a build means to its candidate, in the transaction that ends the build: it is ready and goes on, or it
 * has failed. A build that is not the candidate's newest says nothing.
 */
export async function settleBuildIn(
  ctx: Context,
  unit: Unit,
  { run_id, candidate_id, failure }: { run_id: string; candidate_id: string; failure: string | null },
): Promise<void> {
  const candidate = await lockCandidate(unit.tx, candidate_id)
  if (candidate?.build_run_id !== run_id) return
  const { id, project_id, version, state: from } = candidate
  const to = followCandidate(from, failure === null ? 'built' : 'broke')
  const moved = to && (await moveCandidate(unit.tx, { id, from, to, failure_detail: failure }))
  if (!moved) return
  if (failure === null) return becomeReadyIn(ctx, unit, moved)
  const about = { project_id, subject_id: id, reason: failure, data: { version, run_id } }
  unit.record({ kind: 'candidate.build_failed', ...about })
}
