import { DomainError } from '#domain/errors.ts'
import { findCandidateByOrdinal, findCandidateByVersion } from '#store/candidate.ts'
import { authorize, authorizeNamed } from '../authorize.ts'
import type { Context } from '../context.ts'
import { viewCandidate, type CandidateView } from './candidate-view.ts'

/** By its version, `1.2.0-rc3`. Throws `not_found`. */
export async function findCandidate(
  ctx: Context,
  { project_id, version }: { project_id: string; version: string },
): Promise<CandidateView> {
  authorize(ctx, 'release.read', { project_id })
  const row = await findCandidateByVersion(ctx.db, project_id, version)
  if (!row) throw new DomainError('not_found', { what: 'candidate', id: version })
  return viewCandidate(row)
}

/** By the number that others outside know it by. Throws `not_found`. */
export async function findCandidateOfOrdinal(
  ctx: Context,
  { ordinal }: { ordinal: number },
): Promise<CandidateView> {
  const named = { what: 'candidate' as const, id: String(ordinal) }
  const row = await findCandidateByOrdinal(ctx.db, ordinal)
  if (!row) throw new DomainError('not_found', named)
  authorizeNamed(ctx, 'release.read', { project_id: row.project_id }, named)
  return viewCandidate(row)
}
