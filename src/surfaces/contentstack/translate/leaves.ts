import type { Field, Json, JsonObject } from '#catalogue/content/field.ts'

/**
 * What becomes of the value of a field of files, references or rich text. `path` joins uids by dots, blocks with the block's own:
 * `sections.hero.image`.
 */
export type Visit = (field: Field, value: Json, path: string) => Json

const leaves: ReadonlySet<Field['type']> = new Set(['file', 'reference', 'json'])

/** The data with every file, reference and rich text replaced by what `visit` makes of it. */
export function mapLeaves(fields: readonly Field[], data: JsonObject, visit: Visit, parent = ''): JsonObject {
  const mapped = { ...data }
  for (const field of fields) {
    const value = Object.hasOwn(data, field.uid) ? data[field.uid] : null
    if (value === null || value === undefined) continue
    const path = parent === '' ? field.uid : `${parent}.${field.uid}`
    if (leaves.has(field.type)) mapped[field.uid] = visit(field, value, path)
    if (field.type === 'group')
      mapped[field.uid] = each(value, (group) => mapLeaves(field.fields ?? [], group, visit, path))
    if (field.type === 'blocks')
      mapped[field.uid] = each(value, (block) => mapBlock(field, block, visit, path))
  }
  return mapped
}

function mapBlock({ blocks = [] }: Field, data: JsonObject, visit: Visit, path: string): JsonObject {
  const mapped = { ...data }
  for (const { uid, fields } of blocks)
    if (isObject(data[uid])) mapped[uid] = mapLeaves(fields, data[uid], visit, `${path}.${uid}`)
  return mapped
}

function each(value: Json, change: (part: JsonObject) => JsonObject): Json {
  if (Array.isArray(value)) return value.map((part) => (isObject(part) ? change(part) : part))
  return isObject(value) ? change(value) : value
}

/** The uids of all assets that the data's file fields name. */
export function filesIn(fields: readonly Field[], data: JsonObject): string[] {
  const uids: string[] = []
  mapLeaves(fields, data, (field, value) => {
    // One by one: an entry may name more than one call takes.
    if (field.type === 'file') for (const uid of [value].flat()) if (typeof uid === 'string') uids.push(uid)
    return value
  })
  return uids
}

/** File fields with the assets they name, null for one that is not there. */
export function putFiles(
  fields: readonly Field[],
  data: JsonObject,
  assets: ReadonlyMap<string, JsonObject>,
): JsonObject {
  const assetOf = (uid: Json) => (typeof uid === 'string' ? (assets.get(uid) ?? null) : uid)
  return mapLeaves(fields, data, (field, value) => {
    if (field.type !== 'file') return value
    return Array.isArray(value) ? value.map(assetOf).filter((asset) => asset !== null) : assetOf(value)
  })
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
