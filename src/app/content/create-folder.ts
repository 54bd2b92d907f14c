import { faultsOfAsset } from '#catalogue/content/read-asset.ts'
import { isItemUid } from '#catalogue/content/read-value.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import { insertContentItem } from '#store/content-item.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, type Context } from '../context.ts'
import { assetVersion } from './asset-version.ts'
import { claimWritingPlace, refuse } from './content-place.ts'
import { getFolder, type AssetKey, type AssetView } from './get-asset.ts'
import { claimParent } from './keep-file.ts'
import { writeVersions } from './write-versions.ts'

export interface NewFolder extends AssetKey {
  name: string
  parent_uid?: string | null
}

/** Throws `not_found` (the branch or folder), `already_exists`, `invalid` (`uid`, `name`). */
export async function createFolder(ctx: Context, input: NewFolder): Promise<AssetView> {
  const { project_id, branch, uid, name, parent_uid = null } = input
  authorize(ctx, 'catalogue.edit', { project_id, branch })
  if (!isItemUid(uid))
    throw invalidField('uid', 'invalid', 'A uid has letters, digits, dots, dashes, underscores.')
  refuse(faultsOfName(name))
  await transact(ctx, async (unit) => {
    const { branch_id, master } = await claimWritingPlace(unit.tx, { project_id, branch })
    await claimParent(unit.tx, input, parent_uid)
    const item = { id: ctx.newId(), branch_id, uid, kind: 'folder' as const, content_type_uid: null }
    const at = ctx.now()
    const made = { ...item, parent_uid, created_by: authorIn(ctx), created_at: at }
    if (!(await insertContentItem(unit.tx, made)))
      throw new DomainError('already_exists', { what: 'folder', id: uid })
    await writeVersions(ctx, unit, { item, versions: [assetVersion(master, { title: name })], at })
    unit.record({
      kind: 'asset.created',
      project_id,
      subject_id: item.id,
      data: { branch, uid, folder: name },
    })
  })
  return getFolder(ctx, { project_id, branch, uid })
}

/** A folder's name keeps the rules of a file's. */
export function faultsOfName(name: string) {
  return faultsOfAsset({ filename: name }).map((fault) => ({ ...fault, field: 'name' }))
}
