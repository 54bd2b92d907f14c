import { dirname } from 'node:path/posix'
import type {
  ForeignAsset,
  ForeignEntry,
  ForeignEnvironment,
  ForeignFolder,
  ForeignLocale,
  ForeignType,
  Note,
  PublishedAt,
  Read,
} from '#app/imports/content-format.ts'
import type { FieldInput, Json, JsonObject } from '#catalogue/content/field.ts'
import { readParent } from '../asset-parts.ts'
import { readEntryData } from '../translate/entry.ts'
import { readEnvironmentWords } from '../translate/environment.ts'
import { readFields } from '../translate/field.ts'
import { isObject } from '../translate/leaves.ts'
import { readTime } from '../translate/time.ts'
import { segment } from './segment.ts'

const mostVersion = 999_999_998
const localeCode = /^[A-Za-z0-9-]{1,32}$/
const environmentName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/

/** Objects by uid, or a list of them: both occur. What `make` makes nothing of is noted with its reason. */
function each<T>(file: string, json: Json, make: (value: JsonObject, uid: string) => T | string): Read<T> {
  const items: T[] = []
  const notes: Note[] = []
  const members = Array.isArray(json)
    ? json.map((value) => ['', value] as const)
    : Object.entries(json as object)
  for (const [key, value] of members as Iterable<[string, Json]>) {
    const uid = isObject(value) && typeof value.uid === 'string' ? value.uid : key
    const made = isObject(value) ? make(value, uid) : 'It is no object.'
    if (typeof made === 'string') notes.push({ kind: 'skipped', file, item: uid.slice(0, 200), detail: made })
    else items.push(made)
  }
  return { items, notes }
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function readLocales(file: string, json: Json): Read<ForeignLocale> {
  return each(file, json, ({ code, name, fallback_locale }, ref) => {
    if (text(code) === undefined) return 'It has no code.'
    const named = text(name)
    return {
      code: code as string,
      fallback: text(fallback_locale) ?? null,
      ref,
      ...(named ? { name: named } : {}),
    }
  })
}

export function readEnvironments(file: string, json: Json): Read<ForeignEnvironment> {
  return each(file, json, ({ name, urls, servers, deploy_content }, ref) => {
    if (typeof name !== 'string' || !environmentName.test(name))
      return 'An environment has a name of letters, digits, dots, dashes and underscores.'
    const words = {
      ...(Array.isArray(urls) ? { urls } : {}),
      ...(Array.isArray(servers) ? { servers } : {}),
      ...(typeof deploy_content === 'boolean' ? { deploy_content } : {}),
    }
    return { name, ref, annotations: readEnvironmentWords(words) }
  })
}

/** A file has one content type; `schema.json` has them all. */
export function readTypes(file: string, json: Json): Read<ForeignType> {
  const list = isObject(json) && 'schema' in json ? [json] : json
  return each(file, list, ({ title, description, schema, options }, uid) => {
    if (uid === '' || text(title) === undefined) return 'A content type has a uid and a title.'
    const fields: FieldInput[] = readFields(schema)
    return {
      ...{ uid, title: title as string, description: text(description) ?? '', fields, file },
      options: isObject(options) ? options : {},
    }
  })
}

export function readFolders(file: string, json: Json): Read<ForeignFolder> {
  return each(file, json, ({ name, parent_uid, _version }, uid) =>
    text(name) === undefined
      ? 'A folder has a name.'
      : { uid, name: name as string, parent_uid: parentIn(parent_uid), version: versionIn(_version) },
  )
}

/** The index of the chunks has names of files where assets are looked for: it is passed over. */
export function readAssets(file: string, json: Json): Read<ForeignAsset> {
  if (isObject(json) && Object.values(json).every((value) => typeof value === 'string'))
    return { items: [], notes: [] }
  const folder = dirname(file)
  return each(file, json, (asset, known) => {
    const uid = text(asset.uid) ?? text(asset._uid) ?? known
    const filename = text(asset.filename) ?? text(asset.file_name)
    if (filename === undefined) return 'It has no file name.'
    return {
      ...{ uid, filename, title: text(asset.title) ?? filename },
      content_type: text(asset.content_type) ?? '',
      description: text(asset.description) ?? '',
      tags: Array.isArray(asset.tags) ? asset.tags.filter((tag) => typeof tag === 'string') : [],
      parent_uid: parentIn(asset.parent_uid),
      version: versionIn(asset._version),
      published: readPublished(asset.publish_details),
      files: [
        `${folder}/files/${segment(uid)}/${segment(filename)}`,
        `${folder}/files/${segment(uid)}/${segment(uid)}/${segment(filename)}`,
        `${folder}/${segment(uid)}/${segment(filename)}`,
      ],
    }
  })
}

export function readEntries(file: string, json: Json): Read<ForeignEntry> {
  return each(file, json, (entry, uid) => ({
    ...{ uid, version: versionIn(entry._version), published: readPublished(entry.publish_details) },
    ...readEntryData(entry),
  }))
}

function parentIn(uid: Json | undefined): string | null {
  return typeof uid === 'string' ? readParent(uid) : null
}

function versionIn(version: Json | undefined): number {
  return typeof version === 'number' && Number.isInteger(version) && version > 0 && version <= mostVersion
    ? version
    : 1
}

function readPublished(details: Json | undefined): PublishedAt[] {
  if (!Array.isArray(details)) return []
  return details.flatMap((one) => {
    if (!isObject(one)) return []
    const { environment, locale, version, time } = one
    if (typeof environment !== 'string' || typeof locale !== 'string' || !localeCode.test(locale)) return []
    const at = (typeof time === 'string' ? readTime(time) : undefined) ?? null
    return [
      { environment: environment.slice(0, 200).toWellFormed(), locale, version: versionIn(version), at },
    ]
  })
}
