import { askStore, readCondition, readOrder, type Order } from '#catalogue/content/condition.ts'
import { countReleases, listReleases as rows, type ReleaseFilter } from '#store/release.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { placeOf, viewRelease, type ReleaseView } from './release-view.ts'

export interface ReleasePage extends Omit<ReleaseFilter, 'branches' | 'where'> {
  /** A condition, checked here: `title` is the name; of other fields `description`, `locked` and `archived`. */
  where?: unknown
  /** `updated`: latest change first, paged by offset. `newest`: newest first, paged by the last id seen. */
  order: 'updated' | 'newest'
  /** Instead of `updated`, paged by offset as well. */
  sorting?: readonly Order[]
  limit: number
  offset?: number
  after?: string
  with_total?: boolean
}

/** Named releases of a project; those made for one deployment are in no list. Throws `invalid` (`where.…`, `order.…`). */
export async function listReleases(
  ctx: Context,
  { with_total, order, sorting, limit, offset, after, where, ...filter }: ReleasePage,
): Promise<{ releases: (ReleaseView & { item_count: number })[]; total?: number }> {
  const { project_id, branch = null } = filter
  authorize(ctx, 'release.read', placeOf({ project_id, branch }))
  const bound = ctx.principal?.branches
  const condition = readCondition(where)
  const seen = {
    ...filter,
    ...(bound ? { branches: bound } : {}),
    ...(condition ? { where: condition } : {}),
  }
  const page = {
    order,
    limit,
    ...(sorting === undefined ? {} : { sorting: readOrder(sorting) }),
    ...(offset === undefined ? {} : { offset }),
    ...(after === undefined ? {} : { after }),
  }
  const [found, total] = await askStore(
    Promise.all([
      limit > 0 ? rows(ctx.db, seen, page) : [],
      with_total ? countReleases(ctx.db, seen) : undefined,
    ]),
  )
  const releases = found.map(({ item_count, ...row }) => ({ ...viewRelease(row), item_count }))
  return { releases, ...(total === undefined ? {} : { total }) }
}
