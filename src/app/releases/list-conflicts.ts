import {
  listReleaseConflicts as rows,
  type ConflictPlace,
  type ReleaseConflictRow,
} from '#store/release-conflict.ts'
import type { Context } from '../context.ts'
import { readableEnvironments, readEnvironment, readRelease, type ReleaseNamed } from './read-place.ts'

export interface ReleaseConflict extends ReleaseConflictRow {
  /** Where a page that ends here is taken up. */
  place: ConflictPlace
}

/**
 * What else touches the items of a release: other open releases, deployments that are not over, versions lower than
 * what is live, items that were deleted; by key, after a place. Only what the caller may see, and of one environment
 * where it is named. Throws `not_found`.
 */
export async function listConflicts(
  ctx: Context,
  input: ReleaseNamed & { environment_id?: string | undefined; limit: number; after?: ConflictPlace },
): Promise<ReleaseConflict[]> {
  const { project_id, release_id, environment_id, limit, after } = input
  const { project } = await readRelease(ctx, input)
  const environments =
    environment_id === undefined
      ? await readableEnvironments(ctx, project_id)
      : [await readEnvironment(ctx, { project_id, environment_id })]
  const found = await rows(
    ctx.db,
    {
      project_id,
      release_id,
      content: project.kind === 'content',
      environment_ids: environments.map(({ id }) => id),
      branches: ctx.principal?.branches ?? null,
    },
    { limit, ...(after === undefined ? {} : { after }) },
  )
  return found.map(({ other, ...row }) => ({ ...row, place: { key: row.key, code: row.code, other } }))
}
