import type { PublishedView } from '#app/content/published-entries.ts'
import type { Json, JsonObject } from '#catalogue/content/field.ts'
import type { UidOf } from '../ids.ts'
import { writeAsset, type AssetPlace } from './asset.ts'
import { writeTime } from './time.ts'

export interface PublishedNames {
  users: UidOf
  environment_uid: string
}

/** An entry or asset as the delivery API answers it, `data` being its own with files and references put in. */
export function writePublished(
  view: PublishedView,
  data: JsonObject,
  place: AssetPlace,
  { users, environment_uid }: PublishedNames,
): JsonObject {
  const publish_details = {
    environment: environment_uid,
    locale: view.published.locale,
    time: writeTime(view.published.at),
    user: users(view.published.by),
  }
  if (view.kind === 'entry') return writeEntry(view, data, users, publish_details)
  const { filename, content_type, size, description, tags } = view.data
  const asset = {
    ...{ ...view, filename: text(filename), content_type: text(content_type), size: Number(size) },
    ...{ description: text(description), tags: Array.isArray(tags) ? tags.map(text) : [] },
  }
  return { ...writeAsset(asset, place, users), publish_details }
}

/** Put where they belong one by one: copies of copies are what reading costs most. */
function writeEntry(
  view: PublishedView,
  data: JsonObject,
  users: UidOf,
  publish_details: JsonObject,
): JsonObject {
  const told = { ...data }
  told.uid = view.uid
  told.locale = view.locale
  told._version = view.version
  told.tags = data.tags ?? []
  told.ACL = {}
  told.created_by = users(view.created_by)
  told.created_at = writeTime(view.created_at)
  told.updated_by = users(view.updated_by)
  told.updated_at = writeTime(view.updated_at)
  told._in_progress = false
  told.publish_details = publish_details
  return told
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}
