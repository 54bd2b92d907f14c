import { DomainError, invalidField } from '#domain/errors.ts'
import { claimFolders, updateContentItem, type ContentItemRow } from '#store/content-item.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { assetVersion } from './asset-version.ts'
import { claimWritingPlace, refuse } from './content-place.ts'
import { faultsOfName } from './create-folder.ts'
import { getFolder, type AssetKey, type AssetView } from './get-asset.ts'
import { writeVersions } from './write-versions.ts'

export interface FolderChange extends AssetKey {
  name?: string
  parent_uid?: string | null
}

type Folder = Pick<ContentItemRow, 'id' | 'uid' | 'parent_uid'>

/** Throws `not_found`, `invalid` (`name`, or `parent_uid` where it would lie within itself). */
export async function updateFolder(ctx: Context, input: FolderChange): Promise<AssetView> {
  const { project_id, branch, uid, name, parent_uid } = input
  authorize(ctx, 'catalogue.edit', { project_id, branch })
  if (name !== undefined) refuse(faultsOfName(name))
  await transact(ctx, async (unit) => {
    const { branch_id, master } = await claimWritingPlace(unit.tx, { project_id, branch })
    // All of them: two moves at once could close a circle.
    const folders = await claimFolders(unit.tx, branch_id)
    const folder = folders.find((each) => each.uid === uid)
    if (!folder) throw new DomainError('not_found', { what: 'folder', id: uid })
    if (parent_uid !== undefined) {
      refuseParent(folders, uid, parent_uid)
      await updateContentItem(unit.tx, folder.id, { parent_uid })
    }
    if (name !== undefined) {
      const item = { id: folder.id, branch_id, kind: 'folder' as const, content_type_uid: null }
      await writeVersions(ctx, unit, { item, versions: [assetVersion(master, { title: name })] })
    }
    const data = {
      branch,
      uid,
      ...(name === undefined ? {} : { folder: name }),
      ...(parent_uid === undefined ? {} : { parent_uid }),
    }
    unit.record({ kind: 'asset.updated', project_id, subject_id: folder.id, data })
  })
  return getFolder(ctx, { project_id, branch, uid })
}

function refuseParent(folders: readonly Folder[], uid: string, parentUid: string | null): void {
  const parents = new Map(folders.map((each) => [each.uid, each.parent_uid]))
  if (parentUid !== null && !parents.has(parentUid))
    throw new DomainError('not_found', { what: 'folder', id: parentUid })
  for (let at: string | null = parentUid; at !== null; at = parents.get(at) ?? null)
    if (at === uid) throw invalidField('parent_uid', 'invalid', 'A folder does not lie within itself.')
}
