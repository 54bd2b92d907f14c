import { isDeepStrictEqual } from 'node:util'
import { isEmpty, valueOf, type Field, type FieldType, type Json, type JsonObject } from './field.ts'
import { isObject } from './json.ts'

/** A field whose value differs between two versions. */
export interface FieldChange {
  /** From the entry down: `title`, `seo.slug`, `blocks.2.hero.title`. */
  path: string
  /** What people see of the path: `SEO › Slug`. */
  name: string
  /** Null: the content type does not know the field. */
  type: FieldType | null
  change: 'added' | 'removed' | 'changed'
  /** Null where nothing is filled in. */
  before: Json
  after: Json
}

interface Place {
  path: string
  name: string
}

/**
 * What differs between two versions, field by field, in the order of the type's fields; what the type does not know
 * comes last. Null: nothing is there, so that all that is filled in is added, or removed. Groups and blocks are gone
 * into, list by list in their order; references, rich text and lists of single values are one value each.
 */
export function diffFields(
  fields: readonly Field[],
  before: JsonObject | null,
  after: JsonObject | null,
): FieldChange[] {
  const changes: FieldChange[] = []
  walk(changes, fields, before ?? {}, after ?? {}, { path: '', name: '' })
  return changes
}

function walk(
  changes: FieldChange[],
  fields: readonly Field[],
  before: JsonObject,
  after: JsonObject,
  place: Place,
): void {
  for (const field of fields)
    compare(changes, field, valueOf(before, field.uid), valueOf(after, field.uid), inside(place, field))
  const known = new Set(fields.map(({ uid }) => uid))
  const others = new Set([...Object.keys(before), ...Object.keys(after)].filter((key) => !known.has(key)))
  for (const uid of [...others].filter((key) => !/^[_$]/.test(key)).toSorted())
    leaf(changes, null, valueOf(before, uid), valueOf(after, uid), inside(place, { uid, name: uid }))
}

function inside({ path, name }: Place, part: { uid: string; name: string }): Place {
  if (path === '') return { path: part.uid, name: part.name }
  return { path: `${path}.${part.uid}`, name: `${name} › ${part.name}` }
}

function compare(
  changes: FieldChange[],
  field: Field,
  before: Json | undefined,
  after: Json | undefined,
  place: Place,
): void {
  if (field.type !== 'group' && field.type !== 'blocks') {
    leaf(changes, field.type, before, after, place)
    return
  }
  if (field.type === 'group' && !field.multiple) {
    walk(changes, field.fields ?? [], partOf(before), partOf(after), place)
    return
  }
  const [old, now] = [listOf(before), listOf(after)]
  for (let index = 0; index < Math.max(old.length, now.length); index++) {
    const at = inside(place, { uid: String(index), name: String(index + 1) })
    const [was, is] = [partOf(old[index]), partOf(now[index])]
    if (field.type === 'group') walk(changes, field.fields ?? [], was, is, at)
    for (const block of field.blocks ?? [])
      walk(changes, block.fields, partOf(was[block.uid]), partOf(is[block.uid]), inside(at, block))
  }
}

function partOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : []
}

function leaf(
  changes: FieldChange[],
  type: FieldType | null,
  old: Json | undefined,
  now: Json | undefined,
  place: Place,
): void {
  const before = isEmpty(old) ? null : (old ?? null)
  const after = isEmpty(now) ? null : (now ?? null)
  if (isDeepStrictEqual(before, after)) return
  const change = before === null ? 'added' : after === null ? 'removed' : 'changed'
  changes.push({ ...place, type, change, before, after })
}
