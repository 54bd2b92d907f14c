import { faultsOfAsset, type AssetData } from '#catalogue/content/read-asset.ts'
import { isItemUid } from '#catalogue/content/read-value.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import { insertContentItem } from '#store/content-item.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, type Context } from '../context.ts'
import { claimWritingPlace, getPlace, refuse } from './content-place.ts'
import { assetVersion } from './asset-version.ts'
import type { AssetKey, AssetView } from './get-asset.ts'
import { claimParent, keepFile, saidOf, type File } from './keep-file.ts'
import { writeVersions } from './write-versions.ts'

export interface NewAsset extends AssetKey {
  file: File
  /** The file's name when left out. */
  title?: string
  description?: string
  tags?: readonly string[]
  /** The folder; at the root when left out. */
  parent_uid?: string | null
  /** Of the file; 100 MB when left out. */
  most_bytes?: number
  /** What is known only when the file has been read: a form may have fields behind it. */
  words?: () => Partial<Pick<NewAsset, 'title' | 'description' | 'tags' | 'parent_uid'>>
}

export const mostAssetBytes = 100 * 1024 * 1024

/** Throws `not_found` (the branch or folder), `too_large`, `already_exists`, `invalid` (`uid`, `asset.…`). */
export async function uploadAsset(ctx: Context, input: NewAsset): Promise<AssetView> {
  const { project_id, branch, uid, file, most_bytes = mostAssetBytes } = input
  authorize(ctx, 'catalogue.edit', { project_id, branch })
  if (!isItemUid(uid))
    throw invalidField('uid', 'invalid', 'A uid has letters, digits, dots, dashes, underscores.')
  refuse(faultsOfAsset(input))
  // Asked again when it is written: this spares a large upload that would go nowhere.
  await getPlace(ctx.db, { project_id, branch })
  const kept = await keepFile(ctx, file, most_bytes)
  const said = { ...input, ...input.words?.() }
  const { parent_uid = null } = said
  refuse(faultsOfAsset(said))
  return transact(ctx, async (unit) => {
    const { branch_id, master } = await claimWritingPlace(unit.tx, { project_id, branch })
    await claimParent(unit.tx, input, parent_uid)
    const by = authorIn(ctx)
    const at = ctx.now()
    const item = { id: ctx.newId(), branch_id, uid, kind: 'asset' as const, content_type_uid: null }
    if (!(await insertContentItem(unit.tx, { ...item, parent_uid, created_by: by, created_at: at })))
      throw new DomainError('already_exists', { what: 'asset', id: uid })
    const data: AssetData = { title: kept.filename, description: '', tags: [], ...saidOf(said), ...kept }
    await writeVersions(ctx, unit, { item, versions: [assetVersion(master, data)], at })
    unit.record({
      kind: 'asset.created',
      project_id,
      subject_id: item.id,
      data: { branch, uid, title: data.title, digest: data.digest, size: data.size },
    })
    const authors = { created_by: by, created_at: at, updated_by: by, updated_at: at }
    return { id: item.id, uid, kind: 'asset', version: 1, ...data, parent_uid, ...authors }
  })
}
