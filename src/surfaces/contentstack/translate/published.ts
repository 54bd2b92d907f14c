import type { PublishedView } from '#app/content/published-entries.ts'
import type { Json, JsonObject } from '#catalogue/content/field.ts'
import type { UidOf } from '../ids.ts'
import { writeAsset, type AssetPlace } from './asset.ts'
import { writeOwn } from './entry.ts'
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
  if (view.kind === 'entry')
    return { ...data, ...writeOwn({ ...view, data }, users), _in_progress: false, publish_details }
  const { filename, content_type, size, description, tags } = view.data
  const asset = {
    ...{ ...view, filename: text(filename), content_type: text(content_type), size: Number(size) },
    ...{ description: text(description), tags: Array.isArray(tags) ? tags.map(text) : [] },
  }
  return { ...writeAsset(asset, place, users), publish_details }
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}
