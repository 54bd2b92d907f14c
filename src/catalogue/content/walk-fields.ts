import { isEmpty, valueOf, type Field, type Json, type JsonObject } from './field.ts'
import { isObject } from './json.ts'

/**
 * Calls `visit` with every value of every field that is filled in, within groups and blocks too. `path` joins uids
 * by dots, blocks with the block's own: `sections.hero.image`.
 */
export function eachValue(
  fields: readonly Field[],
  data: JsonObject,
  visit: (field: Field, value: Json, path: string) => void,
  parent = '',
): void {
  for (const field of fields) {
    const value = valueOf(data, field.uid)
    if (value === undefined || isEmpty(value)) continue
    const path = parent === '' ? field.uid : `${parent}.${field.uid}`
    const several = Array.isArray(value) ? value : [value]
    for (const each of several) {
      if (field.type === 'group' && isObject(each)) eachValue(field.fields ?? [], each, visit, path)
      else if (field.type === 'blocks' && isObject(each)) {
        for (const block of field.blocks ?? []) {
          const content = valueOf(each, block.uid)
          if (isObject(content)) eachValue(block.fields, content, visit, `${path}.${block.uid}`)
        }
      } else visit(field, each, path)
    }
  }
}

/** The uids of entries and assets that the data points at, each once. */
export function referenceUids(fields: readonly Field[], data: JsonObject): string[] {
  const uids = new Set<string>()
  eachValue(fields, data, (field, value) => {
    if (field.type === 'file' && typeof value === 'string') uids.add(value)
    if (field.type === 'reference' && isObject(value) && typeof value.uid === 'string') uids.add(value.uid)
    if (field.type === 'json') for (const uid of embeddedUids(value)) uids.add(uid)
  })
  return [...uids]
}

/** Rich text embeds entries and assets as nodes that name them in their attributes. */
export function embeddedUids(document: Json): Set<string> {
  const uids = new Set<string>()
  const open: Json[] = [document]
  while (open.length > 0) {
    const next = open.pop()
    if (Array.isArray(next)) for (const each of next) open.push(each)
    if (!isObject(next)) continue
    for (const key of ['entry-uid', 'asset-uid']) {
      const uid = valueOf(next, key)
      if (typeof uid === 'string' && uid !== '') uids.add(uid)
    }
    for (const each of Object.values(next)) open.push(each)
  }
  return uids
}

/** Which fields the flag is set on, as paths from the entry down; only what is one value of its entry. */
export function flaggedPaths(fields: readonly Field[], flag: 'unique' | 'non_localizable'): string[][] {
  return fields.flatMap((field) => {
    if (field[flag]) return [[field.uid]]
    if (field.type !== 'group' || field.multiple) return []
    return flaggedPaths(field.fields ?? [], flag).map((path) => [field.uid, ...path])
  })
}

export interface UniqueValue {
  /** The path, joined by dots. */
  field: string
  value: string | number
}

/** The values that no other entry may have. Empty ones do not count. */
export function uniqueValues(fields: readonly Field[], data: JsonObject): UniqueValue[] {
  return flaggedPaths(fields, 'unique').flatMap((path) => {
    const value = valueAt(data, path)
    const counts = (typeof value === 'string' || typeof value === 'number') && !isEmpty(value)
    return counts ? [{ field: path.join('.'), value }] : []
  })
}

function valueAt(data: JsonObject, path: readonly string[]): Json | undefined {
  let at: Json | undefined = data
  for (const uid of path) at = isObject(at) ? valueOf(at, uid) : undefined
  return at
}

/** The data with the master's values in all fields that other locales do not have values of their own for. */
export function carryMaster(fields: readonly Field[], data: JsonObject, master: JsonObject): JsonObject {
  let carried = data
  for (const path of flaggedPaths(fields, 'non_localizable')) {
    carried = withValue(carried, path, valueAt(master, path))
  }
  return carried
}

function withValue(
  data: JsonObject,
  [uid = '', ...rest]: readonly string[],
  value: Json | undefined,
): JsonObject {
  const { [uid]: before, ...others } = data
  if (rest.length === 0) return value === undefined ? others : { ...data, [uid]: value }
  if (!isObject(before) && value === undefined) return data
  return { ...data, [uid]: withValue(isObject(before) ? before : {}, rest, value) }
}
