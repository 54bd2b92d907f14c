import { DomainError } from '#domain/errors.ts'
import { claimContentItem, removeContentItems } from '#store/content-item.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { getPlace } from './content-place.ts'
import type { AssetKey } from './get-asset.ts'
import { unpublishItems } from './unpublish-items.ts'

/**
 * Deletes an asset. Where it is live it is unpublished by a deployment, and served until that is done. Answers the
 * environments concerned. Throws `not_found`.
 */
export async function removeAsset(ctx: Context, key: AssetKey): Promise<{ unpublished_from: string[] }> {
  const { project_id, branch, uid } = key
  authorize(ctx, 'catalogue.edit', { project_id, branch })
  return transact(ctx, async (unit) => {
    const { branch_id } = await getPlace(unit.tx, { project_id, branch })
    const item = await claimContentItem(unit.tx, { project_id, branch, uid }, 'asset', 'delete')
    if (!item) throw new DomainError('not_found', { what: 'asset', id: uid })
    const reason = `Asset ${uid} was deleted.`
    const unpublished_from = await unpublishItems(ctx, unit, {
      project_id,
      branch,
      branch_id,
      uids: [uid],
      reason,
    })
    await removeContentItems(unit.tx, [item.id], ctx.now())
    unit.record({ kind: 'asset.removed', project_id, subject_id: item.id, data: { branch, uid } })
    return { unpublished_from }
  })
}
