import type { FieldFault } from '#domain/errors.ts'
import { isEmpty, reservedUids, valueOf, type Field, type Json, type JsonObject } from './field.ts'
import { isObject, isText } from './json.ts'
import { newPatience, type Patience } from './matches-format.ts'
import { readValue } from './read-value.ts'

export interface EntryInput {
  fields: readonly Field[]
  /** What a caller sent: any JSON. */
  input: unknown
  /** What the entry says already. What is not sent stays as it is. */
  base?: JsonObject
  /** Work in progress may leave mandatory fields empty. */
  in_progress?: boolean
  /** Whether fields must keep the rules that they have beside their types; so when left out. */
  strict?: boolean
  /** Names that are passed over, too, where the type has no field of that name. */
  passed_over?: readonly string[]
}

const tagLimits = { count: 200, characters: 200 }

/**
 * The data of an entry, and every fault with its path (`entry.blocks.2.hero.title`).
 *
 * What the house itself says of an entry (reserved names, and whatever begins with `_` or `$`) is passed over, since
 * clients send back what they were given; so are fields that the stored data has and the type no longer knows. Any
 * other unknown field is refused: dropped without a word, what somebody wrote would be lost.
 */
export function readEntry(entry: EntryInput) {
  const { fields, input, base = {}, in_progress = false, strict = true, passed_over = [] } = entry
  if (!isObject(input)) {
    const faults: FieldFault[] = [{ field: 'entry', fault: 'invalid', detail: 'An entry is an object.' }]
    return { data: {}, title: '', faults }
  }
  const faults = findUnknown(fields, input, [...reservedUids, ...passed_over, ...Object.keys(base)])
  const data: JsonObject = {}
  const reading: Reading = { faults, in_progress, strict, patience: newPatience() }
  for (const field of fields) {
    const value = Object.hasOwn(input, field.uid) ? input[field.uid] : valueOf(base, field.uid)
    const read = readField(reading, field, value, 'entry')
    if (read !== undefined) data[field.uid] = read
  }
  const tags = readTags(faults, Object.hasOwn(input, 'tags') ? input.tags : valueOf(base, 'tags'))
  if (tags) data.tags = tags
  const title = valueOf(data, 'title')
  return { data, title: typeof title === 'string' ? title : '', faults }
}

/**
 * What is wrong with stored data by the fields of today; what they no longer know is no fault, and neither are rules
 * on values that were made after it: those are for whoever writes it next.
 */
export function checkEntry(fields: readonly Field[], data: JsonObject): FieldFault[] {
  return readEntry({ fields, input: {}, base: data, strict: false }).faults
}

interface Reading {
  faults: FieldFault[]
  in_progress: boolean
  strict: boolean
  patience: Patience
}

function findUnknown(
  fields: readonly Field[],
  input: JsonObject,
  passedOver: readonly string[],
): FieldFault[] {
  const known = new Set([...fields.map(({ uid }) => uid), ...passedOver])
  return Object.keys(input)
    .filter((key) => !known.has(key) && !/^[_$]/.test(key))
    .map((key) => ({
      field: `entry.${key}`,
      fault: 'unknown',
      detail: 'The content type has no such field.',
    }))
}

/** One field of an entry, a group or a block. Undefined where nothing was ever said. */
function readField(
  reading: Reading,
  field: Field,
  value: Json | undefined,
  parent: string,
): Json | undefined {
  const { faults, in_progress, strict, patience } = reading
  const path = `${parent}.${field.uid}`
  // A single group is always there: what is mandatory in it is missing when it is left out.
  const given = field.type === 'group' && !field.multiple && isEmpty(value) ? {} : value
  if (isEmpty(given)) {
    if (field.mandatory && !in_progress)
      faults.push({ field: path, fault: 'required', detail: `${field.name} must be filled in.` })
    return given === undefined ? undefined : emptied(field, given)
  }
  const before = faults.length
  const read = readValue(
    {
      field,
      path,
      faults,
      strict,
      in_progress,
      patience,
      readFields: (fields, data, at) => readParts(fields, data, at),
    },
    given,
  )
  if (field.mandatory && !in_progress && isEmpty(read) && faults.length === before)
    faults.push({ field: path, fault: 'required', detail: `${field.name} must be filled in.` })
  // An empty group that nobody sent is not written down.
  return value === undefined && isObject(read) && Object.keys(read).length === 0 ? undefined : read

  function readParts(fields: readonly Field[], data: JsonObject, at: string): JsonObject {
    const known = new Set(fields.map(({ uid }) => uid))
    for (const key of Object.keys(data))
      if (!known.has(key) && !/^[_$]/.test(key))
        faults.push({ field: `${at}.${key}`, fault: 'unknown', detail: 'There is no such field here.' })
    const parts: JsonObject = {}
    for (const part of fields) {
      const partRead = readField(reading, part, valueOf(data, part.uid), at)
      if (partRead !== undefined) parts[part.uid] = partRead
    }
    // Clients keep their own handle on a group's or a block's instance in here.
    if (isObject(data._metadata)) parts._metadata = data._metadata
    return parts
  }
}

/** Blank text stays as it was typed; an empty list of a single field is nothing. */
function emptied(field: Field, value: Json | undefined): Json {
  if (Array.isArray(value)) return field.multiple || field.type === 'reference' ? [] : null
  return typeof value === 'string' && field.type === 'text' && !field.multiple ? value : null
}

function readTags(faults: FieldFault[], tags: Json | undefined): string[] | undefined {
  if (tags === undefined || tags === null) return undefined
  if (Array.isArray(tags) && tags.length <= tagLimits.count && tags.every(isTag)) return tags
  const detail = `Tags are a list of at most ${tagLimits.count} texts of at most ${tagLimits.characters} characters.`
  faults.push({ field: 'entry.tags', fault: 'invalid', detail })
  return undefined
}

function isTag(tag: Json): tag is string {
  return isText(tag) && tag.length <= tagLimits.characters
}
