import type { PublishedView } from '#app/content/published-entries.ts'
import {
  syncPublished,
  syncTypes,
  type SyncItem,
  type SyncStart,
  type SyncType,
} from '#app/content/sync-published.ts'
import { readSyncToken } from '#app/content/sync-token.ts'
import type { JsonObject } from '#catalogue/content/field.ts'
import { invalidField } from '#domain/errors.ts'
import { readDeliveryPlace } from '../delivery-place.ts'
import { expandPublished } from '../expand-published.ts'
import { limits } from '../limits.ts'
import { flag, text, texts, type Query } from '../query.ts'
import { renamingFaults } from '../rename-faults.ts'
import { reads, type StackCall } from '../route.ts'
import { readTime, writeTime } from '../translate/time.ts'

/** How the vendor calls what assets are of, where entries have a content type. */
const assetType = 'sys_assets'

/** `GET /stacks/sync` (section 4): from the beginning, the next page, or what changed since. */
export const syncRoute = reads(async (call: StackCall) => {
  const { ctx, project_id, branch, query } = call
  const token = tokenOf(query)
  const from = token ? { token: token.value } : { start: startOf(query) }
  const renamed: Record<string, string> = {
    ...{ token: token?.name ?? 'sync_token', locales: 'locale', content_types: 'content_type_uid' },
    ...{ fallback: 'include_fallback' },
  }
  const { place, read } = await renamingFaults(
    (field) => renamed[field] ?? field,
    async () => {
      const known = token && readSyncToken(ctx, project_id, token.value).environment_id
      const found = await readDeliveryPlace(call, known)
      const asked = { project_id, branch, environment_id: found.environment_id, limit: limits.page, ...from }
      return { place: found, read: await syncPublished(ctx, asked) }
    },
  )
  const data = await dataOf(call, place, read.items)
  return {
    items: read.items.map((item, n) => ({
      type: item.type,
      event_at: writeTime(item.at),
      content_type_uid: typeOf(item),
      data: data[n] ?? gone(item, place.environment_uid),
    })),
    ...{ skip: read.skip, limit: limits.page, total_count: read.total },
    [read.ended ? 'sync_token' : 'pagination_token']: read.token,
  }
})

/** A token, under the name that it came with: either carries on from where it stands. */
function tokenOf(query: Query): { name: string; value: string } | undefined {
  for (const name of ['pagination_token', 'sync_token']) {
    const value = text(query, name)
    if (value !== undefined) return { name, value }
  }
  if (flag(query, 'init')) return undefined
  throw invalidField(
    'init',
    'required',
    'must be true where neither sync_token nor pagination_token is given.',
  )
}

function startOf(query: Query): SyncStart {
  const [locales, of, types] = [
    values(query, 'locale'),
    values(query, 'content_type_uid'),
    values(query, 'type'),
  ]
  const unknown = types?.find((type) => !isType(type))
  if (unknown !== undefined)
    throw invalidField('type', 'invalid', `has ${unknown}; it can have ${syncTypes.join(', ')}.`)
  const since = sinceOf(query)
  return {
    ...(locales ? { locales } : {}),
    fallback: flag(query, 'include_fallback'),
    ...(of ? { content_types: of.filter((uid) => uid !== assetType) } : {}),
    assets: !of || of.includes(assetType),
    ...(types ? { types: types.filter(isType) } : {}),
    ...(since ? { since } : {}),
  }
}

/** Under either of the names that clients use. */
function sinceOf(query: Query): Date | undefined {
  for (const name of ['start_from', 'start_date']) {
    const said = text(query, name)
    if (said === undefined) continue
    const time = readTime(said)
    if (!time) throw invalidField(name, 'invalid', 'is not a valid ISO 8601 time.')
    return time
  }
  return undefined
}

/** A list with commas, or the key repeated; undefined where there is none. */
function values(query: Query, name: string): string[] | undefined {
  const all = texts(query, name).flatMap((value) => value.split(',').map((one) => one.trim()))
  const said = [...new Set(all)].filter((value) => value !== '')
  return said.length > 0 ? said : undefined
}

function isType(word: string): word is SyncType {
  return (syncTypes as readonly string[]).includes(word)
}

function typeOf({ type, content_type_uid }: SyncItem): string | null {
  return type.startsWith('asset_') ? assetType : content_type_uid
}

function gone({ type, uid, locale, content_type_uid }: SyncItem, environment: string): JsonObject {
  if (type === 'content_type_deleted') return { content_type_uid }
  return { uid, locale, environment, ...(type.startsWith('entry_') ? { content_type_uid } : {}) }
}

/** What is published, by its place among the items. Files are carried as they are served in each one's language. */
async function dataOf(
  call: StackCall,
  place: { environment_id: string; environment_uid: string },
  items: readonly SyncItem[],
): Promise<JsonObject[]> {
  const byLocale = new Map<string, { n: number; view: PublishedView }[]>()
  for (const [n, { view }] of items.entries()) {
    if (!view) continue
    const same = byLocale.get(view.published.locale)
    if (same) same.push({ n, view })
    else byLocale.set(view.published.locale, [{ n, view }])
  }
  const data: JsonObject[] = []
  for (const [locale, same] of byLocale) {
    const views = same.map(({ view }) => view)
    const reading = { call, ...place, locale, fallback: true }
    // oxlint-disable-next-line no-await-in-loop
    for (const [at, told] of (await expandPublished(reading, views, [])).entries()) data[same[at]!.n] = told
  }
  return data
}
