import type { FieldFault } from '#domain/errors.ts'
import { isEmpty, type Field, type FieldType, type Json, type JsonObject } from './field.ts'
import { isIsoDate } from './iso-date.ts'
import { isObject, isText } from './json.ts'
import { faultOfCount, faultOfRules, tooSlow } from './keeps-rules.ts'
import type { Patience } from './matches-format.ts'

/** Reading one value of a field: where it stands, and where faults go. */
export interface ValueReading {
  field: Field
  path: string
  faults: FieldFault[]
  /** Whether the field's own rules are asked, too. */
  strict: boolean
  /** How long its patterns may take. */
  patience: Patience
  /** Work in progress may have fewer items than it will need. */
  in_progress: boolean
  /** Reads the fields of a group or of a block. */
  readFields(fields: readonly Field[], data: JsonObject, path: string): JsonObject
}

type Reader = (reading: ValueReading, value: Json) => Json

const limits = { title: 512, uid: 128, link: 4096 }
const itemUid = /^[A-Za-z0-9_.-]+$/

/** A value that is there, as it is kept. A fault leaves null behind. */
export function readValue(reading: ValueReading, value: Json | undefined): Json {
  const { field, path } = reading
  if (value === undefined) return null
  if (field.type === 'reference') return counted(reading, readReferences(reading, value))
  if (!field.multiple) return ruled(reading, readers[field.type](reading, value))
  if (!Array.isArray(value)) return refuse(reading, 'It must be a list.')
  const list = value.map((each, index) => {
    const at = { ...reading, path: `${path}.${index}` }
    return isEmpty(each) && field.type !== 'json' && field.type !== 'text'
      ? refuse(at, 'A list has no empty places.')
      : ruled(at, readers[field.type](at, each))
  })
  return counted(reading, list)
}

/** One value, as long as it keeps the field's rules. What took too long once is not tried on the rest of an entry. */
function ruled(reading: ValueReading, value: Json): Json {
  const { field, strict, faults } = reading
  if (!strict || !field.rules) return value
  const slow = field.rules.pattern !== undefined && faults.some(({ detail }) => detail === tooSlow)
  const wrong = slow ? tooSlow : faultOfRules(field.rules, value, reading.patience)
  return wrong === undefined ? value : refuse(reading, wrong)
}

/** A list, as long as it has as many items as it may. */
function counted(reading: ValueReading, list: Json): Json {
  const { field, strict, in_progress } = reading
  if (!strict || !field.rules || !Array.isArray(list)) return list
  const { min_items: _, ...others } = field.rules
  const wrong = faultOfCount(in_progress ? others : field.rules, list.length)
  return wrong === undefined ? list : refuse(reading, wrong)
}

function refuse(
  { path, faults }: ValueReading,
  detail: string,
  fault: FieldFault['fault'] = 'invalid',
): null {
  faults.push({ field: path, fault, detail })
  return null
}

const readers: Record<FieldType, Reader> = {
  text: (reading, value) => {
    if (!isText(value)) return refuse(reading, 'It must be text.')
    const isTitle = reading.path === 'entry.title'
    return isTitle && value.length > limits.title
      ? refuse(reading, `A title has at most ${limits.title} characters.`, 'too_long')
      : value
  },
  number: (reading, value) =>
    typeof value === 'number' && Number.isFinite(value) ? value : refuse(reading, 'It must be a number.'),
  boolean: (reading, value) =>
    typeof value === 'boolean' ? value : refuse(reading, 'It must be true or false.'),
  isodate: (reading, value) =>
    typeof value === 'string' && isIsoDate(value) ? value : refuse(reading, 'It must be a date of ISO 8601.'),
  file: (reading, value) => {
    const uid = isObject(value) ? value.uid : value
    return isItemUid(uid) ? uid : refuse(reading, 'It must be the uid of an asset.')
  },
  link: readLink,
  reference: readReferences,
  group: (reading, value) =>
    isObject(value)
      ? reading.readFields(reading.field.fields ?? [], value, reading.path)
      : refuse(reading, 'A group is an object.'),
  blocks: readBlock,
  json: (reading, value) =>
    isStorable(value)
      ? value
      : refuse(reading, 'It holds what cannot be kept: NUL, half a character, or a number without bounds.'),
}

export function isItemUid(uid: unknown): uid is string {
  return typeof uid === 'string' && uid.length <= limits.uid && itemUid.test(uid)
}

function readLink(reading: ValueReading, value: Json): Json {
  if (!isObject(value)) return refuse(reading, 'A link is an object.')
  const link: JsonObject = {}
  for (const [key, part] of Object.entries(value)) {
    if (/^[_$]/.test(key)) continue
    const at = { ...reading, path: `${reading.path}.${key}` }
    if (key !== 'title' && key !== 'href') refuse(at, 'A link has a title and a href.', 'unknown')
    else if (part === null || (isText(part) && part.length <= limits.link)) link[key] = part
    else refuse(at, `It must be text of at most ${limits.link} characters.`)
  }
  return link
}

/** A single reference is taken as a list of one: readers find the same shape however many there may be. */
function readReferences(reading: ValueReading, value: Json): Json {
  const { field, path } = reading
  const several = Array.isArray(value) ? value : [value]
  if (!field.multiple && several.length > 1)
    return refuse(reading, 'It refers to one entry only.', 'too_many')
  return several.map((each, index) =>
    readReference(Array.isArray(value) ? { ...reading, path: `${path}.${index}` } : reading, each),
  )
}

function readReference(reading: ValueReading, value: Json): Json {
  const targets = reading.field.reference_to
  const uid = isObject(value) ? value.uid : value
  const only = targets?.length === 1 ? targets[0] : undefined
  const type = (isObject(value) ? value._content_type_uid : undefined) ?? only
  if (!isItemUid(uid)) return refuse(reading, 'A reference is an object with the uid of an entry.')
  if (!isText(type) || type === '') {
    const at = { ...reading, path: `${reading.path}._content_type_uid` }
    return refuse(at, 'It must say of which content type the entry is.', 'required')
  }
  if (targets && !targets.includes(type)) {
    const at = { ...reading, path: `${reading.path}._content_type_uid` }
    return refuse(at, `It may point at ${targets.join(', ')}.`)
  }
  return { uid, _content_type_uid: type }
}

/** `{ hero: { … } }`: one block, under its kind. */
function readBlock(reading: ValueReading, value: Json): Json {
  const { field, path } = reading
  const keys = isObject(value) ? Object.keys(value).filter((key) => !/^[_$]/.test(key)) : []
  const [kind] = keys
  if (!isObject(value) || kind === undefined || keys.length > 1)
    return refuse(reading, 'A block is an object with the uid of its kind as the only key.')
  const block = field.blocks?.find(({ uid }) => uid === kind)
  const at = `${path}.${kind}`
  if (!block) return refuse({ ...reading, path: at }, 'There is no such kind of block here.', 'unknown')
  const content = value[kind] ?? {}
  if (!isObject(content)) return refuse({ ...reading, path: at }, 'What is in a block is an object.')
  if (block.open) return { [kind]: readers.json({ ...reading, path: at }, content) }
  return { [kind]: reading.readFields(block.fields, content, at) }
}

/** Looks at every text and every key, however deep, without recursion: nobody bounds this but the request's size. */
function isStorable(value: Json): boolean {
  const open: Json[] = [value]
  while (open.length > 0) {
    const next = open.pop()
    if (typeof next === 'string' && !isText(next)) return false
    if (typeof next === 'number' && !Number.isFinite(next)) return false
    if (Array.isArray(next)) for (const each of next) open.push(each)
    else if (isObject(next)) {
      for (const [key, each] of Object.entries(next)) {
        if (!isText(key)) return false
        open.push(each)
      }
    }
  }
  return true
}
