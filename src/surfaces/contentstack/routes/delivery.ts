import { getPublishedAsset, listPublishedAssets } from '#app/content/published-assets.ts'
import {
  getPublishedEntry,
  listPublishedEntries,
  type PublishedView,
} from '#app/content/published-entries.ts'
import { getPublishedContentType, listPublishedContentTypes } from '#app/content/published-types.ts'
import type { JsonObject } from '#catalogue/content/field.ts'
import type { delivery } from '../endpoints/delivery.ts'
import { expandPublished, type Reading } from '../expand-published.ts'
import { authorsOf } from '../names.ts'
import { flag, page, text, texts } from '../query.ts'
import { readList } from '../read-list.ts'
import { readDeliveryPlace } from '../delivery-place.ts'
import { reads, type Routes, type StackCall } from '../route.ts'
import { assetFields, entryFields } from '../translate/condition.ts'
import { writeContentType } from '../translate/content-type.ts'
import { narrow } from '../translate/entry.ts'

const placeOf = ({ project_id, branch }: StackCall) => ({ project_id, branch })

export const deliveryRoutes: Routes<typeof delivery> = {
  entry: reads(async (call: StackCall) => {
    const { reading, asked } = await readingOf(call)
    const { content_type: content_type_uid = '', entry: uid = '' } = call.params
    const view = await getPublishedEntry(call.ctx, { ...asked, content_type_uid, uid })
    const [entry] = await answer(reading, [view])
    return { entry }
  }),

  entries: reads(async (call: StackCall) => {
    const { reading, asked } = await readingOf(call)
    const { counts, input } = await readList(call, entryFields)
    const content_type_uid = call.params.content_type ?? ''
    const { items, total } = await listPublishedEntries(call.ctx, { ...asked, ...input, content_type_uid })
    if (counts) return { entries: total }
    return { entries: await answer(reading, items), ...(total === undefined ? {} : { count: total }) }
  }),

  asset: reads(async (call: StackCall) => {
    const { reading, asked } = await readingOf(call)
    const view = await getPublishedAsset(call.ctx, { ...asked, fallback: true, uid: call.params.asset ?? '' })
    const [asset] = await answer(reading, [view])
    return { asset }
  }),

  assets: reads(async (call: StackCall) => {
    const { reading, asked } = await readingOf(call)
    const { counts, input } = await readList(call, assetFields)
    const { items, total } = await listPublishedAssets(call.ctx, { ...asked, ...input, fallback: true })
    if (counts) return { assets: total }
    return { assets: await answer(reading, items), ...(total === undefined ? {} : { count: total }) }
  }),

  contentTypes: reads(async (call: StackCall) => {
    const { content_types, total } = await listPublishedContentTypes(call.ctx, {
      ...{ ...placeOf(call), ...page(call.query) },
      with_total: flag(call.query, 'include_count'),
    })
    const users = await authorsOf(call.ctx, content_types)
    return {
      content_types: content_types.map((type) => writeContentType(type, users)),
      ...(total === undefined ? {} : { count: total }),
    }
  }),

  contentType: reads(async (call: StackCall) => {
    const uid = call.params.content_type ?? ''
    const type = await getPublishedContentType(call.ctx, { ...placeOf(call), uid })
    return { content_type: writeContentType(type, await authorsOf(call.ctx, [type])) }
  }),
}

async function readingOf(call: StackCall) {
  const { environment_id, environment_uid } = await readDeliveryPlace(call)
  const locale = text(call.query, 'locale')
  const fallback = flag(call.query, 'include_fallback')
  const reading: Reading = { call, environment_id, environment_uid, locale, fallback }
  return { reading, asked: { ...placeOf(call), environment_id, locale, fallback } }
}

async function answer(reading: Reading, views: readonly PublishedView[]): Promise<JsonObject[]> {
  const { call } = reading
  const told = await expandPublished(reading, views, texts(call.query, 'include'))
  return told.map((one) =>
    narrow(flag(call.query, 'include_branch') ? { ...one, _branch: call.branch } : one, call.query),
  )
}
