import type { CandidateRow } from '#store/candidate.ts'
import { updateCandidate } from '#store/candidate.ts'
import { deployByItselfIn } from '../deployments/deploy-by-itself.ts'
import type { Context, Unit } from '../context.ts'

/**
 * What follows when a candidate has become `ready`, inside the transaction that made it so: it is said, and it goes
 * where it goes by itself.
 */
export async function becomeReadyIn(ctx: Context, unit: Unit, candidate: CandidateRow): Promise<void> {
  const { id, project_id, release_id, number, version, commit_sha, deploy_to } = candidate
  await updateCandidate(unit.tx, id, { ready_at: ctx.now(), deploy_to: null, failure_detail: null })
  unit.record({
    kind: 'candidate.ready',
    ...{ project_id, subject_id: id },
    data: { version, commit: commit_sha, release_id },
  })
  if (deploy_to === null) return
  await deployByItselfIn(ctx, unit, {
    ...{ project_id, release_id, number, environment_id: deploy_to },
    what: version,
    why: `Candidate ${version} is ready.`,
  })
}
