import { getContentType } from '#app/content/get-content-type.ts'
import type { EntryView } from '#app/content/get-entry.ts'
import { listAssets } from '#app/content/list-assets.ts'
import type { JsonObject } from '#catalogue/content/field.ts'
import { uidsOf } from './names.ts'
import { flag } from './query.ts'
import type { StackCall } from './route.ts'
import { writeAsset, type AssetPlace } from './translate/asset.ts'
import { narrow, writeEntry } from './translate/entry.ts'
import { filesIn } from './translate/leaves.ts'

/** Where the assets of this stack are read, as this client reached us. */
export function assetPlace({ request, api_key, branch }: StackCall): AssetPlace {
  return { origin: `${request.protocol}://${request.host}`, api_key, branch }
}

/** Entries of one type as the management API answers them; their assets are one query for all of them. */
export async function answerEntries(
  call: StackCall,
  content_type_uid: string,
  entries: readonly EntryView[],
): Promise<JsonObject[]> {
  const { ctx, project_id, branch, query } = call
  const place = { project_id, branch }
  if (entries.length === 0) return []
  const { fields } = await getContentType(ctx, { ...place, uid: content_type_uid })
  const uids = [...new Set(entries.flatMap(({ data }) => filesIn(fields, data)))]
  const { assets } =
    uids.length > 0 ? await listAssets(ctx, { ...place, uids, limit: uids.length }) : { assets: [] }
  const details = entries.flatMap(({ publish_details = [] }) => publish_details)
  const people = [...entries, ...assets].flatMap((one) => [one.created_by, one.updated_by])
  const [users, environments] = await Promise.all([
    uidsOf(ctx, 'user', [...people, ...details.map(({ published_by }) => published_by)]),
    uidsOf(
      ctx,
      'environment',
      details.map(({ environment_id }) => environment_id),
    ),
  ])
  const told = new Map(assets.map((asset) => [asset.uid, writeAsset(asset, assetPlace(call), users)]))
  return entries.map((entry) => {
    const answer = writeEntry(entry, fields, { users, environments, assets: told })
    return narrow(flag(query, 'include_branch') ? { ...answer, _branch: branch } : answer, query)
  })
}

export async function answerEntry(call: StackCall, entry: EntryView): Promise<JsonObject> {
  const [answer] = (await answerEntries(call, entry.content_type_uid, [entry])) as [JsonObject]
  return answer
}
