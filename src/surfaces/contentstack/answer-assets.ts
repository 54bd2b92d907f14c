import type { AssetView } from '#app/content/get-asset.ts'
import { measureAssets } from '#app/content/measure-assets.ts'
import type { JsonObject } from '#catalogue/content/field.ts'
import { assetPlace } from './asset-place.ts'
import { uidsOf } from './names.ts'
import { flag } from './query.ts'
import type { StackCall } from './route.ts'
import { writeAsset, writeFolder } from './translate/asset.ts'
import { writePublishDetails } from './translate/entry.ts'

/** Assets and folders as the management API answers them. */
export async function answerAssets(call: StackCall, all: readonly AssetView[]): Promise<JsonObject[]> {
  const { ctx, branch, query } = call
  const details = all.flatMap(({ publish_details = [] }) => publish_details)
  const people = all.flatMap(({ created_by, updated_by }) => [created_by, updated_by])
  const [users, environments] = await Promise.all([
    uidsOf(ctx, 'user', [...people, ...details.map(({ published_by }) => published_by)]),
    uidsOf(
      ctx,
      'environment',
      details.map(({ environment_id }) => environment_id),
    ),
  ])
  const dimensions = flag(query, 'include_dimension') ? await measureAssets(ctx, all) : undefined
  return all.map((asset) => {
    const answer =
      asset.kind === 'folder' ? writeFolder(asset, users) : writeAsset(asset, assetPlace(call), users)
    if (asset.publish_details)
      answer.publish_details = writePublishDetails(asset.publish_details, { users, environments })
    const dimension = dimensions?.get(asset.digest)
    if (dimension) answer.dimension = { height: dimension.height, width: dimension.width }
    return flag(query, 'include_branch') ? { ...answer, _branch: branch } : answer
  })
}
