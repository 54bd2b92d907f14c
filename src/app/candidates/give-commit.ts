import { followCandidate } from '#domain/candidate-lifecycle.ts'
import { DomainError } from '#domain/errors.ts'
import { moveCandidate, updateCandidate, type CandidateRow } from '#store/candidate.ts'
import { findCodeSettings } from '#store/code-settings.ts'
import type { Context, Unit } from '../context.ts'
import { becomeReadyIn } from './become-ready.ts'
import { requireCode } from './code-settings-of.ts'
import { pinCandidateIn } from './pin-candidate.ts'
import { builds, requestBuildIn } from './request-build.ts'

export interface GivenCommit {
  /** Its row is held. */
  candidate: CandidateRow
  on: 'picked' | 'resolved'
  /** Full id. */
  commit_sha: string
  /** Its own branch. */
  branch?: string | null
  bundle_digest?: string | null
}

/**
 * A candidate whose number was reserved gets its commit, and with it its revision. It is built where the project builds,
 * else it is ready at once. Inside a transaction that holds it. Throws `not_possible_now`.
 */
export async function giveCommitIn(
  ctx: Context,
  unit: Unit,
  { candidate, on, commit_sha, branch, bundle_digest }: GivenCommit,
): Promise<CandidateRow> {
  const { id, project_id, release_id, number, version, state, created_by } = candidate
  const settings = requireCode(await findCodeSettings(unit.tx, project_id))
  const built = builds(settings)
  const to = followCandidate(state, built ? `${on}_to_build` : on)
  const revision_id = await pinCandidateIn(ctx, unit, {
    ...{ project_id, release_id, number, version, commit_sha, created_by },
    repository: settings.repository_name,
  })
  const given = {
    ...{ commit_sha, revision_id, failure_detail: null },
    ...(branch === undefined ? {} : { branch }),
    ...(bundle_digest === undefined ? {} : { bundle_digest }),
  }
  const moved = to && (await moveCandidate(unit.tx, { id, from: state, to, ...given }))
  if (!moved) throw new DomainError('not_possible_now', { what: 'candidate', id: version, state, action: on })
  if (!built) {
    await becomeReadyIn(ctx, unit, moved)
    return moved
  }
  const build_run_id = await requestBuildIn(ctx, unit, moved, settings)
  return (await updateCandidate(unit.tx, id, { build_run_id }))!
}
