import { listVersionsOf } from '#store/content-import-walk.ts'
import type { DraftView } from '#store/content-draft.ts'
import type { Context } from '../context.ts'
import type { ItemPage } from './walk-items.ts'

/** What is live in a locale of a page of items and is not their latest version. Whoever walks has been let in. */
export async function liveButOld(
  ctx: Context,
  locale: string,
  { items, details }: ItemPage,
): Promise<{ uid: string; version: number; data: DraftView['data'] }[]> {
  const uids = new Map(items.map(({ id, uid }) => [id, uid]))
  const wanted = items.flatMap(({ id, uid, version }) => {
    const own = (details.get(uid) ?? []).filter(
      (one) => one.source_locale === locale && one.version !== version,
    )
    return [...new Set(own.map((one) => one.version))].map((old) => ({ item_id: id, version: old }))
  })
  const rows = await listVersionsOf(ctx.db, locale, wanted)
  return rows.map(({ item_id, version, data }) => ({ uid: uids.get(item_id) ?? '', version, data }))
}
