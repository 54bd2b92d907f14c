import {
  askStore,
  readCondition,
  readOrder,
  type Condition,
  type Order,
} from '#catalogue/content/condition.ts'
import { listDrafts } from '#store/content-draft.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { getPlace, type Page, type Place } from './content-place.ts'
import { viewAsset, type AssetView } from './get-asset.ts'
import { withPublishDetails } from './list-publish-details.ts'

export interface AssetListQuestion extends Place, Page {
  /** Assets only when left out. */
  kinds?: readonly ('asset' | 'folder')[]
  /** What lies in this folder; null: in none. Left out: wherever it lies. */
  parent_uid?: string | null
  uids?: readonly string[]
  where?: Condition
  order?: readonly Order[]
  with_publish_details?: boolean
}

/** Latest updated first. Throws `not_found` (the branch), `invalid` (`where.…`, `order.…`). */
export async function listAssets(
  ctx: Context,
  asked: AssetListQuestion,
): Promise<{ assets: AssetView[]; total?: number }> {
  const { project_id, branch, kinds = ['asset'], parent_uid, uids, limit, offset = 0 } = asked
  authorize(ctx, 'catalogue.read', { project_id, branch })
  const where = readCondition(asked.where)
  const { branch_id, chain } = await getPlace(ctx.db, { project_id, branch })
  const { items, total } = await askStore(
    listDrafts(ctx.db, {
      branch_id,
      kinds,
      content_type_uid: null,
      chain,
      ...(parent_uid === undefined ? {} : { parent_uid }),
      ...(uids ? { uids } : {}),
      ...(where ? { where } : {}),
      order: readOrder(asked.order),
      limit,
      offset,
      with_total: asked.with_total ?? false,
    }),
  )
  const assets = await withPublishDetails(ctx, branch_id, items.map(viewAsset), asked.with_publish_details)
  return total === undefined ? { assets } : { assets, total }
}
