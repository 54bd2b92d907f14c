import { followCandidate } from '#domain/candidate-lifecycle.ts'
import { lockCandidate, moveCandidate } from '#store/candidate.ts'
import { requireCandidate, viewCandidate, type CandidateView } from '../candidates/candidate-view.ts'
import { notPossibleNow, requireEditable } from '../candidates/edit-candidate.ts'
import { transact, type Context } from '../context.ts'

/**
 * Gives up a candidate that never got its commit: its pick is in conflict, or failed. Its number stays used. Throws
 * `not_found`, `not_possible_now`.
 */
export async function dropCandidate(
  ctx: Context,
  { candidate_id, reason }: { candidate_id: string; reason?: string | undefined },
): Promise<CandidateView> {
  const asked = await requireEditable(ctx, candidate_id)
  const { project_id } = asked
  await transact(ctx, async (unit) => {
    const candidate = (await lockCandidate(unit.tx, candidate_id)) ?? asked
    const { id, version, state: from } = candidate
    const to = followCandidate(from, 'dropped')
    if (!to || !(await moveCandidate(unit.tx, { id, from, to }))) throw notPossibleNow(candidate, 'drop')
    const data = { version, was: from }
    unit.record({ kind: 'candidate.dropped', project_id, subject_id: id, reason: reason ?? null, data })
  })
  return viewCandidate(await requireCandidate(ctx.db, candidate_id))
}
