import type { EntryView } from '#app/content/get-entry.ts'
import type { Field, JsonObject } from '#catalogue/content/field.ts'
import type { UidOf } from '../ids.ts'
import { putFiles } from './leaves.ts'
import { writeTime } from './time.ts'

export interface EntryNames {
  users: UidOf
  environments: UidOf
  /** Assets in the vendor's shape, by uid. */
  assets: ReadonlyMap<string, JsonObject>
}

type Told = Pick<EntryView, 'uid' | 'locale' | 'version' | 'data'> &
  Pick<EntryView, 'created_by' | 'created_at' | 'updated_by' | 'updated_at'>

/** What every entry says of itself beside the customer's fields (section 3.4). */
function writeOwn(entry: Told, users: UidOf): JsonObject {
  return {
    uid: entry.uid,
    locale: entry.locale,
    _version: entry.version,
    tags: entry.data.tags ?? [],
    ACL: {},
    created_by: users(entry.created_by),
    created_at: writeTime(entry.created_at),
    updated_by: users(entry.updated_by),
    updated_at: writeTime(entry.updated_at),
  }
}

/** An entry as the management API answers it. */
export function writeEntry(entry: EntryView, fields: readonly Field[], names: EntryNames): JsonObject {
  const answer: JsonObject = {
    ...putFiles(fields, entry.data, names.assets),
    ...writeOwn(entry, names.users),
    _in_progress: entry.in_progress,
  }
  if (entry.publish_details) answer.publish_details = writePublishDetails(entry.publish_details, names)
  return answer
}

export function writePublishDetails(
  details: NonNullable<EntryView['publish_details']>,
  { users, environments }: Pick<EntryNames, 'users' | 'environments'>,
): JsonObject[] {
  return details.map(({ environment_id, locale, version, published_at, published_by }) => ({
    environment: environments(environment_id),
    locale,
    time: writeTime(published_at),
    user: users(published_by),
    version,
  }))
}

/** What the SDKs keep on their instances and send back with them, unless the customer has a field of that name. */
const internals: readonly string[] = [
  'stackHeaders',
  'urlPath',
  'apiVersion',
  'content_type',
  'schema',
  'published_at',
  'published_by',
]

/** What was sent of an entry (section 3.4), for the catalogue to read: what the house says of one it drops. */
export function readEntryData(sent: { [field: string]: unknown }) {
  return {
    data: sent as JsonObject,
    in_progress: sent._in_progress === true,
    passed_over: internals,
  }
}
