import { followCandidate } from '#domain/candidate-lifecycle.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import { lockCandidate, moveCandidate, updateCandidate, type CandidateRow } from '#store/candidate.ts'
import { findCodeSettings } from '#store/code-settings.ts'
import type { Db } from '#store/database.ts'
import { listUnfinishedDeployments } from '#store/release-deployment.ts'
import { transact, type Context } from '../context.ts'
import { requireCandidate, viewCandidate, type CandidateView } from './candidate-view.ts'
import { notPossibleNow, requireEditable } from './edit-candidate.ts'
import { requireCode } from './code-settings-of.ts'
import { builds, requestBuildIn } from './request-build.ts'

/**
 * Builds a candidate once more, as the project builds now; until that has ended it is not deployed. Throws `not_found`,
 * `invalid` where the project builds nothing, `not_possible_now` while it is built or has no commit, `in_use` while a
 * deployment of it is not over.
 */
export async function rebuildCandidate(
  ctx: Context,
  { candidate_id, reason }: { candidate_id: string; reason?: string | undefined },
): Promise<CandidateView> {
  const asked = await requireEditable(ctx, candidate_id)
  const { project_id } = asked
  const row = await transact(ctx, async (unit) => {
    const settings = requireCode(await findCodeSettings(unit.tx, project_id))
    if (!builds(settings)) throw invalidField('candidate', 'invalid', 'is of a project that builds nothing')
    const held = (await lockCandidate(unit.tx, candidate_id)) ?? asked
    const { id, state: from } = held
    await refuseUnderWay(unit.tx, held)
    const to = followCandidate(from, 'build_again')
    const moved = to && (await moveCandidate(unit.tx, { id, from, to, failure_detail: null, ready_at: null }))
    if (!moved) throw notPossibleNow(held, 'build')
    const build_run_id = await requestBuildIn(ctx, unit, moved, settings, { reason })
    await updateCandidate(unit.tx, id, { build_run_id })
    return requireCandidate(unit.tx, id)
  })
  return viewCandidate(row)
}

/** What is being deployed, or waits for its turn, is not built under its hands. Who deploys it himself knows himself. */
async function refuseUnderWay(tx: Db, { release_id, revision_id, version }: CandidateRow): Promise<void> {
  const open = await listUnfinishedDeployments(tx, release_id)
  if (open.some((one) => one.revision_id === revision_id && one.driver !== 'caller'))
    throw new DomainError('in_use', { what: 'candidate', id: version, by: 'a deployment that is not over' })
}
