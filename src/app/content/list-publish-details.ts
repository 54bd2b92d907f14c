import { listPublishDetails as rows, type PublishDetail } from '#store/content-publish-detail.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { getPlace, type Place } from './content-place.ts'

export type { PublishDetail } from '#store/content-publish-detail.ts'

/** Where items are live, by their uids; those that are live nowhere are left out. Throws `not_found` (the branch). */
export async function listPublishDetails(
  ctx: Context,
  { project_id, branch, uids }: Place & { uids: readonly string[] },
): Promise<Map<string, PublishDetail[]>> {
  authorize(ctx, 'catalogue.read', { project_id, branch })
  const { branch_id } = await getPlace(ctx.db, { project_id, branch })
  return readPublishDetails(ctx, branch_id, uids)
}

/** The caller authorises. */
export async function readPublishDetails(
  ctx: Context,
  branchId: string,
  uids: readonly string[],
): Promise<Map<string, PublishDetail[]>> {
  const details = new Map<string, PublishDetail[]>()
  if (uids.length === 0) return details
  for (const { uid, ...detail } of await rows(ctx.db, { branch_id: branchId, uids })) {
    const known = details.get(uid)
    if (known) known.push(detail)
    else details.set(uid, [detail])
  }
  return details
}

/** A list with where each of it is live, in one more statement where that is asked. */
export async function withPublishDetails<T extends { uid: string }>(
  ctx: Context,
  branchId: string,
  views: readonly T[],
  wanted = false,
): Promise<(T & { publish_details?: PublishDetail[] })[]> {
  if (!wanted) return [...views]
  const uids = views.map(({ uid }) => uid)
  const details = await readPublishDetails(ctx, branchId, uids)
  return views.map((view) => ({ ...view, publish_details: details.get(view.uid) ?? [] }))
}
