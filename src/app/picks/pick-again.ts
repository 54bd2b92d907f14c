import { followCandidate } from '#domain/candidate-lifecycle.ts'
import { isFinalRun } from '#domain/run-lifecycle.ts'
import { lockCandidate, moveCandidate, type CandidateRow } from '#store/candidate.ts'
import { lockCodeSettings } from '#store/code-settings.ts'
import { findRun } from '#store/run.ts'
import { requireCandidate, viewCandidate, type CandidateView } from '../candidates/candidate-view.ts'
import { notPossibleNow, requireEditable } from '../candidates/edit-candidate.ts'
import { requireCode } from '../candidates/code-settings-of.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { readInput } from './pick-input.ts'
import { runPickIn } from './reserve-pick.ts'

/**
 * Picks once more what failed; or pushes once more what was picked and could not be pushed, which leaves the candidate
 * as it is. Throws `not_found`, `not_possible_now`.
 */
export async function pickAgain(
  ctx: Context,
  { candidate_id, reason }: { candidate_id: string; reason?: string | undefined },
): Promise<CandidateView> {
  const asked = await requireEditable(ctx, candidate_id)
  const { project_id } = asked
  await transact(ctx, async (unit) => {
    const settings = requireCode(await lockCodeSettings(unit.tx, project_id))
    const candidate = (await lockCandidate(unit.tx, candidate_id)) ?? asked
    const { id, version, state: from, push_failure } = candidate
    const known = await findEnded(unit, candidate)
    const to = followCandidate(from, 'pick_again')
    if (!known || (!to && (push_failure === null || from === 'dropped')))
      throw notPossibleNow(candidate, 'be picked again')
    if (to) await moveCandidate(unit.tx, { id, from, to, failure_detail: null })
    const data = { version, again: true }
    unit.record({
      ...{ kind: 'candidate.pick_requested', project_id, subject_id: id },
      ...{ reason: reason ?? null, data },
    })
    await runPickIn(ctx, unit, candidate, reason, { ...known, push: settings.push })
  })
  return viewCandidate(await requireCandidate(ctx.db, candidate_id))
}

/** What its pick was asked with; undefined while that is under way, or where it has none. */
async function findEnded({ tx }: Unit, { pick_run_id }: CandidateRow) {
  const run = pick_run_id === null ? undefined : await findRun(tx, pick_run_id)
  return run && isFinalRun(run.state) ? readInput(run.input) : undefined
}
