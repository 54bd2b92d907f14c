import { DomainError } from '#domain/errors.ts'
import {
  claimContentItem,
  claimFolderTree,
  claimItemsWithin,
  hasContentItems,
  removeContentItems,
  type FolderItem,
} from '#store/content-item.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { getPlace } from './content-place.ts'
import type { AssetKey } from './get-asset.ts'
import { unpublishItems } from './unpublish-items.ts'

export interface FolderRemoval extends AssetKey {
  /** Whether what lies in it, at any depth, goes too. */
  contents?: boolean
}

/**
 * Deletes a folder, with all that lies in it where that is said; what of it is live is unpublished as when an asset is
 * deleted. Throws `not_found`, and `in_use` while something lies in it that shall not go.
 */
export async function removeFolder(ctx: Context, input: FolderRemoval): Promise<void> {
  const { project_id, branch, uid, contents = false } = input
  authorize(ctx, 'catalogue.edit', { project_id, branch })
  return transact(ctx, async (unit) => {
    const { branch_id } = await getPlace(unit.tx, { project_id, branch })
    const item = await claimContentItem(unit.tx, { project_id, branch, uid }, 'folder', 'delete')
    if (!item) throw new DomainError('not_found', { what: 'folder', id: uid })
    if (!contents && (await hasContentItems(unit.tx, { branch_id, parent_uid: uid })))
      throw new DomainError('in_use', { what: 'folder', id: uid, by: 'what lies in it' })
    const within = contents ? await claimWithin(unit, branch_id, uid) : []
    const assets = within.filter(({ kind }) => kind === 'asset')
    await unpublishItems(ctx, unit, {
      ...{ project_id, branch, branch_id, uids: assets.map((asset) => asset.uid) },
      reason: `Folder ${uid} was deleted.`,
    })
    await removeContentItems(unit.tx, [item.id, ...within.map(({ id }) => id)], ctx.now())
    const gone = { kind: 'asset.removed', project_id } as const
    for (const { id, kind, uid: inner, title } of within)
      unit.record({
        ...{ ...gone, subject_id: id },
        data: { branch, uid: inner, title, ...(kind === 'folder' ? { folder: true } : {}) },
      })
    unit.record({ ...gone, subject_id: item.id, data: { branch, uid, folder: true } })
  })
}

/**
 * Holds all that lies in a folder. A folder that is held takes nothing in; one that was put into another before that
 * was held is found by looking again.
 */
async function claimWithin({ tx }: Unit, branchId: string, uid: string): Promise<FolderItem[]> {
  let known = 0
  for (;;) {
    const folders = await claimFolderTree(tx, branchId, uid)
    if (folders.length === known) {
      const assets = await claimItemsWithin(tx, branchId, [uid, ...folders.map((folder) => folder.uid)])
      return [...folders, ...assets]
    }
    known = folders.length
  }
}
