import type { Static } from 'typebox'
import { createFolder } from '#app/content/create-folder.ts'
import { getAsset, getFolder, type AssetView } from '#app/content/get-asset.ts'
import { listAssets } from '#app/content/list-assets.ts'
import { listReferences } from '#app/content/list-references.ts'
import { removeAsset } from '#app/content/remove-asset.ts'
import { removeFolder } from '#app/content/remove-folder.ts'
import { updateAsset } from '#app/content/update-asset.ts'
import { updateFolder } from '#app/content/update-folder.ts'
import { uploadAsset } from '#app/content/upload-asset.ts'
import { invalidField } from '#domain/errors.ts'
import { answerAssets } from '../answer-assets.ts'
import { readAssetForm, readParent, readTags } from '../asset-parts.ts'
import type { assets } from '../endpoints/assets.ts'
import { bltOf } from '../ids.ts'
import { filter, flag, page, text, whole } from '../query.ts'
import { readList } from '../read-list.ts'
import { answering, created, makes, reads, takes, type Routes, type StackCall } from '../route.ts'
import { assetFields } from '../translate/condition.ts'
import { AssetChange, FolderChange, NewFolder } from '../wire.ts'
import { NoticeAnswer } from '../wire-answers.ts'
import { publishing } from './asset-publishing.ts'
import { download } from './download.ts'

const placeOf = ({ project_id, branch }: StackCall) => ({ project_id, branch })
const assetOf = (call: StackCall) => ({ ...placeOf(call), uid: call.params.asset ?? '' })

async function answerOne(call: StackCall, asset: AssetView): Promise<object> {
  const [answer] = (await answerAssets(call, [asset])) as [object]
  return answer
}

export const assetRoutes: Routes<typeof assets> = {
  create: created(
    reads(async (call: StackCall) => {
      const form = await readAssetForm(call.request)
      const uid = bltOf(call.ctx.newId())
      const asset = await uploadAsset(call.ctx, { ...placeOf(call), uid, ...form })
      return { notice: 'Asset created successfully.', asset: await answerOne(call, asset) }
    }),
  ),

  /** A multipart form replaces the file, JSON changes what is said of it. */
  update: takes(AssetChange, async (call: StackCall, { asset: sent }) => {
    const change = call.request.isMultipart() ? await readAssetForm(call.request) : readWords(sent)
    const asset = await updateAsset(call.ctx, { ...assetOf(call), ...change })
    return { notice: 'Asset updated successfully.', asset: await answerOne(call, asset) }
  }),

  list: reads(async (call: StackCall) => {
    const { is_dir, ...asked } = filter(call.query)
    const { counts, input } = await readList(call, assetFields, asked)
    const folder = text(call.query, 'folder')
    const { assets, total } = await listAssets(call.ctx, {
      ...{ ...placeOf(call), ...input, kinds: kindsOf(call, is_dir) },
      ...(folder === undefined ? {} : { parent_uid: readParent(folder) }),
      with_publish_details: flag(call.query, 'include_publish_details'),
    })
    if (counts) return { assets: total }
    return { assets: await answerAssets(call, assets), ...(total === undefined ? {} : { count: total }) }
  }),

  get: reads(async (call: StackCall) => {
    const asset = await getAsset(call.ctx, {
      ...{ ...assetOf(call), version: whole(call.query, 'version', 1) },
      with_publish_details: flag(call.query, 'include_publish_details'),
    })
    return { asset: await answerOne(call, asset) }
  }),

  remove: answering(
    NoticeAnswer,
    reads(async (call: StackCall) => {
      await removeAsset(call.ctx, assetOf(call))
      return { notice: 'Asset deleted successfully.' }
    }),
  ),

  references: reads(async (call: StackCall) => {
    await getAsset(call.ctx, assetOf(call))
    return { references: await listReferences(call.ctx, { ...assetOf(call), ...page(call.query) }) }
  }),

  createFolder: makes(NewFolder, async (call: StackCall, { asset: { name, parent_uid } }) => {
    const parent = parent_uid === undefined ? {} : { parent_uid: readParent(parent_uid) }
    const uid = bltOf(call.ctx.newId())
    const folder = await createFolder(call.ctx, { ...placeOf(call), uid, name, ...parent })
    return { notice: 'Folder created successfully.', asset: await answerOne(call, folder) }
  }),

  getFolder: reads(async (call: StackCall) => ({
    asset: await answerOne(call, await getFolder(call.ctx, assetOf(call))),
  })),

  updateFolder: takes(FolderChange, async (call: StackCall, { asset: { name, parent_uid } }) => {
    const moved = parent_uid === undefined ? {} : { parent_uid: readParent(parent_uid) }
    const folder = await updateFolder(call.ctx, { ...assetOf(call), name, ...moved })
    return { notice: 'Folder updated successfully.', asset: await answerOne(call, folder) }
  }),

  /** With all that lies in it, as the vendor's page on folders says. */
  removeFolder: answering(
    NoticeAnswer,
    reads(async (call: StackCall) => {
      await removeFolder(call.ctx, { ...assetOf(call), contents: true })
      return { notice: 'Folder deleted successfully.' }
    }),
  ),

  ...publishing,
  download,
}

function readWords(sent: Static<typeof AssetChange>['asset']) {
  if (!sent) throw invalidField('asset', 'required', '')
  const { title, description, tags, parent_uid, filename } = sent
  return {
    ...{ title, description, filename },
    ...(tags === undefined ? {} : { tags: typeof tags === 'string' ? readTags(tags) : tags }),
    ...(parent_uid === undefined ? {} : { parent_uid: readParent(parent_uid) }),
  }
}

/** Assets, with folders among them when they are asked for, or folders alone. */
function kindsOf({ query }: StackCall, is_dir: unknown): AssetView['kind'][] {
  if (is_dir === true) return ['folder']
  return flag(query, 'include_folders') && is_dir !== false ? ['folder', 'asset'] : ['asset']
}
