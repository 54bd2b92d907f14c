import { countReleases, listReleases as rows, type ReleaseFilter, type ReleaseSort } from '#store/release.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { placeOf, viewRelease, type ReleaseView } from './release-view.ts'

export interface ReleasePage extends Omit<ReleaseFilter, 'branches'> {
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
  const { project_id, branch = null } = filter
  authorize(ctx, 'release.read', placeOf({ project_id, branch }))
  const bound = ctx.principal?.branches
  const seen = bound ? { ...filter, branches: bound } : filter
  const page = {
    order,
    limit,
    ...(sort === undefined ? {} : { sort }),
    ...(offset === undefined ? {} : { offset }),
    ...(after === undefined ? {} : { after }),
  }
  const [found, total] = await Promise.all([
    limit > 0 ? rows(ctx.db, seen, page) : [],
    with_total ? countReleases(ctx.db, seen) : undefined,
  ])
  const releases = found.map(({ item_count, ...row }) => ({ ...viewRelease(row), item_count }))
  return { releases, ...(total === undefined ? {} : { total }) }
}
