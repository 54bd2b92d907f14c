import { walkItems } from '#app/imports/walk-items.ts'
import type { ContentTypeView } from '#app/content/get-content-type.ts'
import { listAssets } from '#app/content/list-assets.ts'
import type { Json, JsonObject } from '#catalogue/content/field.ts'
import { writePublishDetails } from '../translate/entry.ts'
import { filesIn, mapLeaves } from '../translate/leaves.ts'
import { chunked, type OutFile } from './out-file.ts'
import type { Writing } from './writing.ts'
import { toldAsset } from './write-assets.ts'

const nobody = () => null

/** A folder for each type and locale in which there is something. */
export async function* writeEntries(writing: Writing): AsyncIterable<OutFile> {
  for (const type of writing.types)
    for (const locale of writing.locales)
      yield* chunked(
        `entries/${type.uid}/${locale}`,
        'entries',
        'index.json',
        writing.ctx.newId,
        entriesOf(writing, type, locale),
      )
}

async function* entriesOf(
  writing: Writing,
  { uid: content_type_uid, fields }: ContentTypeView,
  locale: string,
) {
  const { ctx, place, environments } = writing
  for await (const { items, details } of walkItems(ctx, {
    ...place,
    kind: 'entry',
    content_type_uid,
    locale,
  })) {
    const uids = [...new Set(items.flatMap(({ data }) => filesIn(fields, data)))]
    const { assets } =
      uids.length > 0 ? await listAssets(ctx, { ...place, uids, limit: uids.length }) : { assets: [] }
    const told = new Map(assets.map((asset) => [asset.uid, toldAsset(writing, asset)]))
    // One that is gone keeps its place: whoever reads this knows what was meant.
    const assetOf = (uid: Json): Json => (typeof uid === 'string' ? (told.get(uid) ?? { uid }) : uid)
    for (const { uid, version, data, in_progress } of items) {
      const own = (details.get(uid) ?? []).filter(({ source_locale }) => source_locale === locale)
      const entry: JsonObject & { uid: string } = {
        ...mapLeaves(fields, data, (field, value) => {
          if (field.type !== 'file') return value
          return Array.isArray(value) ? value.map(assetOf) : assetOf(value)
        }),
        ...{ uid, locale, _version: version, ACL: {}, tags: data.tags ?? [], _in_progress: in_progress },
        publish_details: writePublishDetails(own, { users: nobody, environments }),
      }
      yield entry
    }
  }
}
