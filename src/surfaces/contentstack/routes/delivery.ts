import { getPublishedAsset, listPublishedAssets } from '#app/content/published-assets.ts'
import {
  getPublishedGraph,
  listPublishedEntries,
  type PublishedView,
} from '#app/content/published-entries.ts'
import {
  getPublishedContentType,
  listPublishedContentTypes,
  publishedTypes,
} from '#app/content/published-types.ts'
import type { ContentTypeView } from '#app/content/get-content-type.ts'
import { DomainError } from '#domain/errors.ts'
import { answerDelivery, keepNothing } from '../answer-delivery.ts'
import { readDeliveryPlace } from '../delivery-place.ts'
import type { delivery } from '../endpoints/delivery.ts'
import { expandPublished, readInclude, type Reading } from '../expand-published.ts'
import { authorsOf } from '../names.ts'
import { flag, page, text } from '../query.ts'
import { readList } from '../read-list.ts'
import { reads, type Route, type Routes, type StackCall } from '../route.ts'
import { assetFields, fieldsOfType } from '../translate/condition.ts'
import { writeContentType } from '../translate/content-type.ts'
import { assetType, surrogateKeys, uidsIn } from '../translate/surrogate-keys.ts'
import { syncRoute } from './sync.ts'

const placeOf = ({ project_id, branch }: StackCall) => ({ project_id, branch })

export const deliveryRoutes: Routes<typeof delivery> = {
  entry: delivers(async (call) => {
    const { reading, asked } = await readingOf(call)
    const { content_type: content_type_uid = '', entry: uid = '' } = call.params
    const include = readInclude(call.query)
    const { entry, behind } = await getPublishedGraph(call.ctx, { ...asked, content_type_uid, uid, include })
    const [told] = await expandPublished(reading, [entry], include, behind)
    const more = await typeAsked(call, content_type_uid)
    return answerDelivery(call, { entry: told, ...more }, keysOf(reading, [entry], behind))
  }),

  entries: delivers(async (call) => {
    const { reading, asked } = await readingOf(call)
    const content_type_uid = call.params.content_type ?? ''
    const include = readInclude(call.query)
    const { counts, input } = await readList(call, await fieldsOf(call, content_type_uid))
    const { items, total } = await listPublishedEntries(call.ctx, { ...asked, ...input, content_type_uid })
    const keys = keysOf(reading, items, [], content_type_uid)
    if (counts) return answerDelivery(call, { entries: total }, keys)
    const entries = await expandPublished(reading, items, include)
    const counted = total === undefined ? {} : { count: total }
    const more = await typeAsked(call, content_type_uid)
    return answerDelivery(
      call,
      { entries, ...counted, ...more },
      keysOf(reading, items, [], content_type_uid),
    )
  }),

  asset: delivers(async (call) => {
    const { reading, asked } = await readingOf(call)
    const view = await getPublishedAsset(call.ctx, { ...asked, fallback: true, uid: call.params.asset ?? '' })
    const [asset] = await expandPublished(reading, [view], undefined, [])
    return answerDelivery(call, { asset }, keysOf(reading, [view], []))
  }),

  assets: delivers(async (call) => {
    const { reading, asked } = await readingOf(call)
    const { counts, input } = await readList(call, assetFields)
    const { items, total } = await listPublishedAssets(call.ctx, { ...asked, ...input, fallback: true })
    const keys = keysOf(reading, items, [], assetType)
    if (counts) return answerDelivery(call, { assets: total }, keys)
    const assets = await expandPublished(reading, items, undefined, [])
    return answerDelivery(call, { assets, ...(total === undefined ? {} : { count: total }) }, keys)
  }),

  contentTypes: delivers(async (call) => {
    const { content_types, total } = await listPublishedContentTypes(call.ctx, {
      ...{ ...placeOf(call), ...page(call.query) },
      with_total: flag(call.query, 'include_count'),
    })
    const users = await authorsOf(call.ctx, content_types)
    const told = content_types.map((type) => writeContentType(type, users))
    const counted = total === undefined ? {} : { count: total }
    return answerDelivery(call, { content_types: told, ...counted }, typeKey(call))
  }),

  contentType: delivers(async (call) => {
    const uid = call.params.content_type ?? ''
    const type = await getPublishedContentType(call.ctx, { ...placeOf(call), uid })
    const content_type = writeContentType(type, await authorsOf(call.ctx, [type]))
    return answerDelivery(call, { content_type }, typeKey(call))
  }),

  sync: syncRoute,
}

function delivers(handle: (call: StackCall) => Promise<object>): Route<StackCall> {
  return reads((call: StackCall) => {
    keepNothing(call)
    return handle(call)
  })
}

async function readingOf(call: StackCall) {
  const place = await readDeliveryPlace(call)
  const locale = text(call.query, 'locale')
  const fallback = flag(call.query, 'include_fallback')
  const reading: Reading = { call, ...place, locale, fallback }
  const { environment_id, release_id } = place
  return { reading, asked: { ...placeOf(call), environment_id, release_id, locale, fallback } }
}

/** What a query about entries of a type is understood by. Throws `not_found` for a type that is not there. */
async function fieldsOf(call: StackCall, uid: string) {
  const types = await publishedTypes(call.ctx, placeOf(call))
  if (!types.has(uid)) throw new DomainError('not_found', { what: 'content type', id: uid })
  return fieldsOfType(types, uid)
}

/** `include_content_type` and the older `include_schema`, which has the fields alone. */
async function typeAsked(call: StackCall, uid: string): Promise<object> {
  const [whole, schema] = [flag(call.query, 'include_content_type'), flag(call.query, 'include_schema')]
  if (!whole && !schema) return {}
  const type: ContentTypeView | undefined = (await publishedTypes(call.ctx, placeOf(call))).get(uid)
  if (!type) return {}
  const told = writeContentType(type, await authorsOf(call.ctx, [type]))
  return whole ? { content_type: told } : { schema: told.schema }
}

/** What these answers are to be purged by: with what they carry, all that they point at. */
function keysOf(
  { environment_uid }: Reading,
  views: readonly PublishedView[],
  behind: readonly PublishedView[],
  list?: string,
): string {
  const uids = new Set<string>()
  const types = new Set<string>()
  for (const { uid, data, content_type_uid } of [...views, ...behind]) {
    uids.add(uid)
    uidsIn(data, uids)
    types.add(content_type_uid ?? assetType)
  }
  return surrogateKeys(environment_uid, { uids, types, lists: list === undefined ? [] : [list] })
}

function typeKey({ api_key }: StackCall): string {
  return `${api_key}/content_types`
}
