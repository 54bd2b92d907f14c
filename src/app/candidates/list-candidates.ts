import {
  listCandidates as list,
  listCandidatesOfReleases as listOfReleases,
  type CandidateFilter,
} from '#store/candidate.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { viewCandidate, type CandidateView } from './candidate-view.ts'

/** Newest first, after the one of the ordinal `before`. */
export async function listCandidates(
  ctx: Context,
  { limit, before, ...filter }: CandidateFilter & { limit: number; before?: number },
): Promise<CandidateView[]> {
  authorize(ctx, 'release.read', { project_id: filter.project_id })
  const page = before === undefined ? { limit } : { limit, before }
  return (await list(ctx.db, filter, page)).map(viewCandidate)
}

/** Those of many releases of a project, in one statement: each release's own, newest number first. */
export async function listCandidatesOfReleases(
  ctx: Context,
  { project_id, release_ids }: { project_id: string; release_ids: readonly string[] },
): Promise<CandidateView[]> {
  authorize(ctx, 'release.read', { project_id })
  const rows = await listOfReleases(ctx.db, release_ids)
  return rows.filter((row) => row.project_id === project_id).map(viewCandidate)
}
