import { listRevisions as rows, type RevisionHead } from '#store/revision.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { placeOf, requireRelease } from './release-view.ts'

/** What was pinned of a release by its deployments, newest first, before a number. Throws `not_found`. */
export async function listRevisions(
  ctx: Context,
  input: { project_id: string; release_id: string; limit: number; before?: number },
): Promise<RevisionHead[]> {
  const { project_id, release_id, ...page } = input
  authorize(ctx, 'release.read', { project_id })
  authorize(ctx, 'release.read', placeOf(await requireRelease(ctx.db, project_id, release_id)))
  return rows(ctx.db, release_id, page)
}
