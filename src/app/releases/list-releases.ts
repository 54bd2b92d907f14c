import { countReleases, listReleases as rows, type ReleaseFilter, type ReleaseSort } from '#store/release.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { viewRelease, type ReleaseView } from './release-view.ts'

export interface ReleasePage extends ReleaseFilter {
  /** `updated`: latest change first, paged by offset. `newest`: newest first, paged by the last id seen. */
  order: 'updated' | 'newest'
  /** Instead of `updated`, paged by offset as well. */
  sort?: ReleaseSort
  limit: number
  offset?: number
  after?: string
  with_total?: boolean
}

/** Named releases of a project; those made for one deployment are in no list. */
export async function listReleases(
  ctx: Context,
  { with_total, order, sort, limit, offset, after, ...filter }: ReleasePage,
): Promise<{ releases: (ReleaseView & { item_count: number })[]; total?: number }> {
  authorize(ctx, 'release.read', { project_id: filter.project_id })
  const page = {
    order,
    limit,
    ...(sort === undefined ? {} : { sort }),
    ...(offset === undefined ? {} : { offset }),
    ...(after === undefined ? {} : { after }),
  }
  const [found, total] = await Promise.all([
    limit > 0 ? rows(ctx.db, filter, page) : [],
    with_total ? countReleases(ctx.db, filter) : undefined,
  ])
  const releases = found.map(({ item_count, ...row }) => ({ ...viewRelease(row), item_count }))
  return { releases, ...(total === undefined ? {} : { total }) }
}
