import { faultsOfAsset, type AssetData } from '#catalogue/content/read-asset.ts'
import { DomainError } from '#domain/errors.ts'
import { listDraftsOfItem } from '#store/content-draft.ts'
import { claimContentItem, updateContentItem } from '#store/content-item.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { assetVersion } from './asset-version.ts'
import { claimWritingPlace, refuse } from './content-place.ts'
import { readAsset, viewAsset, type AssetKey, type AssetView } from './get-asset.ts'
import { claimParent, keepFile, saidOf, type File } from './keep-file.ts'
import { mostAssetBytes } from './upload-asset.ts'
import { writeVersions } from './write-versions.ts'

export interface AssetChange extends AssetKey {
  /** Replaces the bytes, and the file's name unless one is given. */
  file?: File
  title?: string
  filename?: string
  description?: string
  tags?: readonly string[]
  parent_uid?: string | null
  most_bytes?: number
  /** What is known only when the file has been read: a form may have fields behind it. */
  words?: () => Partial<Pick<AssetChange, 'title' | 'description' | 'tags' | 'parent_uid'>>
}

/**
 * Writes the next version of an asset; moving it to another folder is no new version. Throws `not_found`,
 * `too_large`, `invalid` (`asset.…`).
 */
export async function updateAsset(ctx: Context, input: AssetChange): Promise<AssetView> {
  const { project_id, branch, uid, file, most_bytes = mostAssetBytes } = input
  authorize(ctx, 'catalogue.edit', { project_id, branch })
  refuse(faultsOfAsset(input))
  await readAsset(ctx, { project_id, branch, uid })
  const kept = file && (await keepFile(ctx, file, most_bytes))
  const words = { ...input, ...input.words?.() }
  const { parent_uid } = words
  refuse(faultsOfAsset(words))
  const said = { ...kept, ...saidOf(words) }
  await transact(ctx, async (unit) => {
    const { master } = await claimWritingPlace(unit.tx, { project_id, branch })
    const item = await claimContentItem(unit.tx, { project_id, branch, uid }, 'asset', 'write')
    const [draft] = item ? await listDraftsOfItem(unit.tx, item.id) : []
    if (!item || !draft) throw new DomainError('not_found', { what: 'asset', id: uid })
    const moved = parent_uid !== undefined && parent_uid !== item.parent_uid
    if (moved) {
      await claimParent(unit.tx, input, parent_uid)
      await updateContentItem(unit.tx, item.id, { parent_uid })
    }
    const data: AssetData = { ...(draft.data as AssetData), ...said }
    const written = Object.keys(said).length > 0
    const numbers = written
      ? await writeVersions(ctx, unit, { item, versions: [assetVersion(master, data)] })
      : {}
    if (!written && !moved) return
    unit.record({
      kind: 'asset.updated',
      project_id,
      subject_id: item.id,
      data: {
        branch,
        uid,
        title: data.title,
        version: numbers[master] ?? draft.version,
        ...(moved ? { parent_uid } : {}),
        ...(kept ? { digest: kept.digest } : {}),
      },
    })
  })
  return viewAsset(await readAsset(ctx, { project_id, branch, uid }))
}
