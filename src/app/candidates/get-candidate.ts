import { authorizeNamed } from '../authorize.ts'
import type { Context } from '../context.ts'
import { requireCandidate, viewCandidate, type CandidateView } from './candidate-view.ts'

/** Throws `not_found`. */
export async function getCandidate(
  ctx: Context,
  { candidate_id }: { candidate_id: string },
): Promise<CandidateView> {
  const row = await requireCandidate(ctx.db, candidate_id)
  const named = { what: 'candidate' as const, id: candidate_id }
  authorizeNamed(ctx, 'release.read', { project_id: row.project_id }, named)
  return viewCandidate(row)
}
