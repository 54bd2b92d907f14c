import {
  listLiveCandidates as inEnvironments,
  listLiveCandidatesOfProjects as ofProjects,
} from '#store/candidate-page.ts'
import type { LiveCandidate } from '#store/candidate-page.ts'
import { allows } from '../authorize.ts'
import type { Context } from '../context.ts'

export type { LiveCandidate }

/** Which candidate is live in each of these environments, or in those of these projects, that the caller may see. */
export async function listLiveCandidates(
  ctx: Context,
  where: { environment_ids: readonly string[] } | { project_ids: readonly string[] },
): Promise<LiveCandidate[]> {
  const rows = await ('environment_ids' in where
    ? inEnvironments(ctx.db, where.environment_ids)
    : ofProjects(ctx.db, where.project_ids))
  return rows.filter(({ project_id, environment_id }) =>
    allows(ctx, 'live.read', { project_id, environment_id }),
  )
}
