import { DomainError } from '#domain/errors.ts'
import { claimEntriesOfType, hasContentItems, removeContentItems } from '#store/content-item.ts'
import { insertContentTypeRemoval } from '#store/content-type-removal.ts'
import { claimContentType, removeContentType as remove } from '#store/content-type.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { getPlace, type Place } from './content-place.ts'
import { unknownType } from './content-type-input.ts'
import { unpublishItems } from './unpublish-items.ts'

/**
 * Throws `not_found`, and `in_use` where entries of the type are there, unless `force`: then they go too, and what of
 * them is live is unpublished.
 */
export async function removeContentType(
  ctx: Context,
  { project_id, branch, uid, force = false }: Place & { uid: string; force?: boolean },
): Promise<void> {
  authorize(ctx, 'catalogue.edit', { project_id, branch })
  return transact(ctx, async (unit) => {
    await getPlace(unit.tx, { project_id, branch })
    const type = await claimContentType(unit.tx, { project_id, branch, uid })
    if (!type) throw unknownType(uid)
    const { branch_id } = type
    if (!force && (await hasContentItems(unit.tx, { branch_id, content_type_uid: uid })))
      throw new DomainError('in_use', { what: 'content type', id: uid, by: 'entries' })
    const entries = force ? await claimEntriesOfType(unit.tx, type) : []
    if (entries.length > 0) {
      const uids = entries.map((entry) => entry.uid)
      const reason = `Content type ${uid} was removed.`
      await unpublishItems(ctx, unit, { project_id, branch, branch_id, uids, reason })
      await removeContentItems(
        unit.tx,
        entries.map(({ id }) => id),
        ctx.now(),
      )
    }
    await remove(unit.tx, type.id)
    await insertContentTypeRemoval(unit.tx, { branch_id, uid, at: ctx.now() })
    const data = { branch, uid, entries: entries.length }
    unit.record({ kind: 'content_type.removed', project_id, subject_id: type.id, data })
  })
}
