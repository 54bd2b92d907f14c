import { listPicks as rows, type CandidatePickRow } from '#store/candidate-pick.ts'
import { listCandidatesById } from '#store/candidate.ts'
import { allows, authorizeNamed } from '../authorize.ts'
import { requireCandidate } from '../candidates/candidate-view.ts'
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

/** The same of one. Throws `not_found`. */
export async function listPicksOfCandidate(
  ctx: Context,
  { candidate_id }: { candidate_id: string },
): Promise<CandidatePickRow[]> {
  const { project_id } = await requireCandidate(ctx.db, candidate_id)
  authorizeNamed(ctx, 'release.read', { project_id }, { what: 'candidate', id: candidate_id })
  return rows(ctx.db, [candidate_id])
}
