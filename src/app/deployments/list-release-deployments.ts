import {
  listReleaseDeployments as rows,
  listReleasesUnderway as underway,
  type ReleaseDeployment,
} from '#store/release-deployment.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'

/**
 * The newest deployment that has ended, per release and environment that the caller may see, in the order in which
 * they ended.
 */
export async function listReleaseDeployments(
  ctx: Context,
  { project_id, release_ids }: { project_id: string; release_ids: readonly string[] },
): Promise<ReleaseDeployment[]> {
  authorize(ctx, 'release.read', { project_id })
  if (release_ids.length === 0) return []
  const found = await rows(ctx.db, project_id, release_ids)
  const bound = ctx.principal?.environment_ids
  return bound ? found.filter(({ environment_id }) => bound.includes(environment_id)) : found
}

/** Of these releases those of which a deployment is not over, scheduled ones included. */
export async function listReleasesUnderway(
  ctx: Context,
  { project_id, release_ids }: { project_id: string; release_ids: readonly string[] },
): Promise<string[]> {
  authorize(ctx, 'release.read', { project_id })
  return release_ids.length === 0 ? [] : underway(ctx.db, release_ids)
}
