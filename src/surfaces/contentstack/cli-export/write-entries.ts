import { liveButOld } from '#app/imports/live-but-old.ts'
import { walkItems } from '#app/imports/walk-items.ts'
import type { ContentTypeView } from '#app/content/get-content-type.ts'
import { listAssets } from '#app/content/list-assets.ts'
import type { Json, JsonObject } from '#catalogue/content/field.ts'
import { writePublishDetails } from '../translate/entry.ts'
import { filesIn, mapLeaves } from '../translate/leaves.ts'
import { versionsOf } from './layout.ts'
import { chunked, jsonFile, type OutFile } from './out-file.ts'
import type { Writing } from './writing.ts'
import { toldAsset } from './write-assets.ts'

const nobody = () => null

interface Shelf {
  type: ContentTypeView
  locale: string
}

/** A folder for each type and locale in which there is something, with what is live and not the latest beside it. */
export async function* writeEntries(writing: Writing): AsyncIterable<OutFile> {
  for (const type of writing.types)
    for (const locale of writing.locales) {
      const folder = `entries/${type.uid}/${locale}`
      const entries = entriesOf(writing, { type, locale })
      yield* chunked(folder, 'entries', 'index.json', writing.ctx.newId, entries)
      yield* oldVersionsOf(writing, { type, locale }, folder)
    }
}

async function* entriesOf(
  writing: Writing,
  { type, locale }: Shelf,
): AsyncIterable<JsonObject & { uid: string }> {
  const { ctx, environments } = writing
  for await (const { items, details } of walkItems(ctx, walkOf(writing, { type, locale }))) {
    const write = await writerOf(writing, { type, locale }, items)
    for (const item of items) {
      const own = (details.get(item.uid) ?? []).filter(({ source_locale }) => source_locale === locale)
      const publish_details = writePublishDetails(own, { users: nobody, environments })
      yield { ...write(item), _in_progress: item.in_progress, publish_details }
    }
  }
}

/** The vendor's folder for versions, of those that are live only. */
async function* oldVersionsOf(writing: Writing, shelf: Shelf, folder: string): AsyncIterable<OutFile> {
  for await (const page of walkItems(writing.ctx, walkOf(writing, shelf))) {
    const old = await liveButOld(writing.ctx, shelf.locale, page)
    if (old.length === 0) continue
    const write = await writerOf(writing, shelf, old)
    for (const [uid, versions] of Map.groupBy(old, (one) => one.uid))
      yield jsonFile(versionsOf(`${folder}/index.json`, uid), versions.map(write))
  }
}

function walkOf({ place }: Writing, { type, locale }: Shelf) {
  return { ...place, kind: 'entry' as const, content_type_uid: type.uid, locale }
}

/** What writes these entries; their assets are one query for all of them. */
async function writerOf(
  writing: Writing,
  { type: { fields }, locale }: Shelf,
  items: readonly { data: JsonObject }[],
) {
  const { ctx, place } = writing
  const uids = [...new Set(items.flatMap(({ data }) => filesIn(fields, data)))]
  const { assets } =
    uids.length > 0 ? await listAssets(ctx, { ...place, uids, limit: uids.length }) : { assets: [] }
  const told = new Map(assets.map((asset) => [asset.uid, toldAsset(writing, asset)]))
  // One that is gone keeps its place: whoever reads this knows what was meant.
  const assetOf = (uid: Json): Json => (typeof uid === 'string' ? (told.get(uid) ?? { uid }) : uid)
  return ({ uid, version, data }: { uid: string; version: number; data: JsonObject }) => ({
    ...mapLeaves(fields, data, (field, value) => {
      if (field.type !== 'file') return value
      return Array.isArray(value) ? value.map(assetOf) : assetOf(value)
    }),
    ...{ uid, locale, _version: version, ACL: {}, tags: data.tags ?? [] },
  })
}
