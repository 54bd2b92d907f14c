import { listPicks as rows, type CandidatePickRow } from '#store/candidate-pick.ts'
import { listCandidatesById } from '#store/candidate.ts'
import { allows } from '../authorize.ts'
import type { Context } from '../context.ts'

export type { CandidatePickRow } from '#store/candidate-pick.ts'

/**
 * What was picked into these candidates, or is to be, or is in them without (`included`); of candidates that the caller
 * may see. By candidate, in the order in which it was picked.
 */
export async function listPicksOfCandidates(
  ctx: Context,
  candidate_ids: readonly string[],
): Promise<CandidatePickRow[]> {
  const seen = (await listCandidatesById(ctx.db, candidate_ids)).filter(({ project_id }) =>
    allows(ctx, 'release.read', { project_id }),
  )
  return rows(
    ctx.db,
    seen.map(({ id }) => id),
  )
}
