import type { FieldFault } from '#domain/errors.ts'
import { fieldLimits, fieldTypes, reservedUids, type Block, type Field, type FieldType } from './field.ts'
import { isObject, isText } from './json.ts'
import { readRules } from './rules.ts'

/** Where in the tree a list of fields stands. */
interface Place {
  path: string
  /** Groups and blocks around it. */
  depth: number
  /** Within something that can be there several times, so that a field is not one value of its entry. */
  repeated: boolean
}

interface Reading {
  faults: FieldFault[]
  count: number
}

const uidShape = /^[A-Za-z][A-Za-z0-9_]*$/
const flags = ['mandatory', 'unique', 'multiple', 'non_localizable'] as const
const known: readonly string[] = [
  'uid',
  'type',
  'name',
  ...flags,
  'reference_to',
  'fields',
  'blocks',
  'rules',
  'annotations',
]
const comparable: readonly FieldType[] = ['text', 'number', 'isodate']

/** The fields of a content type out of anything a caller sends, with every fault (`fields.2.blocks.0.uid`). */
export function readFields(input: unknown): { fields: Field[]; faults: FieldFault[] } {
  const reading: Reading = { faults: [], count: 0 }
  const fields = readList(reading, input, { path: 'fields', depth: 0, repeated: false })
  if (reading.count > fieldLimits.fields)
    reading.faults.push(
      fault('fields', 'too_many', `A content type has at most ${fieldLimits.fields} fields.`),
    )
  checkTitle(reading, fields)
  return { fields, faults: reading.faults }
}

function fault(field: string, kind: FieldFault['fault'], detail: string): FieldFault {
  return { field, fault: kind, detail }
}

/** Every entry has a title: lists, releases and plans show it. */
function checkTitle({ faults }: Reading, fields: Field[]): void {
  const index = fields.findIndex(({ uid }) => uid === 'title')
  const title = fields[index]
  if (!title) {
    faults.push(fault('fields', 'required', 'A content type has a field "title".'))
    return
  }
  const at = `fields.${index}`
  if (title.type !== 'text') faults.push(fault(`${at}.type`, 'invalid', 'The title is text.'))
  if (title.multiple) faults.push(fault(`${at}.multiple`, 'invalid', 'An entry has one title.'))
  if (!title.mandatory) faults.push(fault(`${at}.mandatory`, 'invalid', 'The title is mandatory.'))
}

function readList(reading: Reading, input: unknown, place: Place): Field[] {
  const { path } = place
  if (!Array.isArray(input)) {
    reading.faults.push(
      fault(path, input === undefined ? 'required' : 'invalid', 'It must be a list of fields.'),
    )
    return []
  }
  if (input.length === 0 && place.depth > 0)
    reading.faults.push(fault(path, 'required', 'There must be a field.'))
  reading.count += input.length
  if (reading.count > fieldLimits.fields) return []
  const taken = new Set<string>()
  return input.flatMap((each: unknown, index) => {
    const at = `${path}.${index}`
    if (!isObject(each)) {
      reading.faults.push(fault(at, 'invalid', 'A field is an object.'))
      return []
    }
    return [readField(reading, each, { ...place, path: at }, taken)]
  })
}

function readField(
  reading: Reading,
  input: Record<string, unknown>,
  place: Place,
  taken: Set<string>,
): Field {
  const { faults } = reading
  const { path } = place
  for (const key of Object.keys(input))
    if (!known.includes(key)) faults.push(fault(`${path}.${key}`, 'unknown', 'A field has no such property.'))
  const uid = readUid(faults, input.uid, `${path}.uid`, taken)
  if (place.depth === 0 && reservedUids.includes(uid))
    faults.push(fault(`${path}.uid`, 'invalid', `"${uid}" is a name that every entry uses already.`))
  const field: Field = {
    uid,
    type: readType(faults, input.type, `${path}.type`),
    name: readName(faults, input.name, `${path}.name`, uid),
    ...readFlags(faults, input, place),
    ...readAnnotations(faults, input.annotations, `${path}.annotations`),
  }
  checkFlags(faults, field, place)
  const list = field.multiple || field.type === 'reference' || field.type === 'blocks'
  const rules = readRules(faults, input.rules, { path, type: field.type, list })
  if (rules) field.rules = rules
  readParts(reading, field, input, place)
  return field
}

function readUid(faults: FieldFault[], uid: unknown, at: string, taken: Set<string>): string {
  if (uid === undefined || uid === '') {
    faults.push(fault(at, 'required', 'It must have a uid.'))
    return ''
  }
  if (typeof uid !== 'string' || !uidShape.test(uid)) {
    faults.push(fault(at, 'invalid', 'A uid begins with a letter and has letters, digits and underscores.'))
    return ''
  }
  if (uid.length > fieldLimits.uid)
    faults.push(fault(at, 'too_long', `A uid has at most ${fieldLimits.uid} characters.`))
  if (taken.has(uid)) faults.push(fault(at, 'not_unique', `"${uid}" stands here twice.`))
  taken.add(uid)
  return uid
}

function readType(faults: FieldFault[], type: unknown, at: string): FieldType {
  const found = fieldTypes.find((each) => each === type)
  if (!found) {
    const detail = `The type of a field is one of ${fieldTypes.join(', ')}.`
    faults.push(fault(at, type === undefined ? 'required' : 'invalid', detail))
  }
  return found ?? 'json'
}

function readName(faults: FieldFault[], name: unknown, at: string, otherwise: string): string {
  if (name === undefined) return otherwise
  if (!isText(name)) faults.push(fault(at, 'invalid', 'A name is text.'))
  else if (name.length > fieldLimits.name)
    faults.push(fault(at, 'too_long', `A name has at most ${fieldLimits.name} characters.`))
  return isText(name) ? name : otherwise
}

function readFlags(faults: FieldFault[], input: Record<string, unknown>, { path, depth }: Place) {
  const read = (flag: (typeof flags)[number]) => {
    const value = input[flag]
    if (value !== undefined && typeof value !== 'boolean')
      faults.push(fault(`${path}.${flag}`, 'invalid', 'It must be true or false.'))
    return value === true
  }
  const isTitle = depth === 0 && input.uid === 'title' && input.mandatory === undefined
  return {
    mandatory: read('mandatory') || isTitle,
    unique: read('unique'),
    multiple: read('multiple'),
    non_localizable: read('non_localizable'),
  }
}

/** Flags that would promise what cannot be kept are refused rather than passed over. */
function checkFlags(faults: FieldFault[], field: Field, { path, repeated }: Place): void {
  if (field.unique && (field.multiple || repeated || !comparable.includes(field.type))) {
    const detail = `Only single fields of type ${comparable.join(', ')}, outside lists, can be unique.`
    faults.push(fault(`${path}.unique`, 'invalid', detail))
  }
  if (field.non_localizable && repeated)
    faults.push(
      fault(
        `${path}.non_localizable`,
        'invalid',
        'Within a list it says nothing which value of the master is meant.',
      ),
    )
}

function readAnnotations(faults: FieldFault[], annotations: unknown, at: string): Pick<Field, 'annotations'> {
  if (annotations === undefined) return {}
  if (isObject(annotations)) return { annotations }
  faults.push(fault(at, 'invalid', 'Annotations are an object.'))
  return {}
}

/** What belongs to a field of its type, and only to it. */
function readParts(reading: Reading, field: Field, input: Record<string, unknown>, place: Place): void {
  const { faults } = reading
  const { path, depth } = place
  const belongs = { reference_to: 'reference', fields: 'group', blocks: 'blocks' } as const
  for (const [part, type] of Object.entries(belongs))
    if (input[part] !== undefined && field.type !== type && fieldTypes.includes(input.type as FieldType))
      faults.push(fault(`${path}.${part}`, 'invalid', `Only a field of type ${type} has ${part}.`))
  if (field.type === 'reference' && input.reference_to !== undefined)
    field.reference_to = readTargets(faults, input.reference_to, `${path}.reference_to`)
  if (field.type !== 'group' && field.type !== 'blocks') return
  if (depth >= fieldLimits.nesting) {
    faults.push(
      fault(path, 'invalid', `Groups and blocks lie at most ${fieldLimits.nesting} deep in one another.`),
    )
    return
  }
  if (field.type === 'group') {
    const repeated = place.repeated || field.multiple
    field.fields = readList(reading, input.fields, { path: `${path}.fields`, depth: depth + 1, repeated })
  } else {
    field.multiple = true
    field.blocks = readBlocks(reading, input.blocks, {
      path: `${path}.blocks`,
      depth: depth + 1,
      repeated: true,
    })
  }
}

function readTargets(faults: FieldFault[], input: unknown, at: string): string[] {
  if (Array.isArray(input) && input.length > 0 && input.every((each) => isText(each) && each !== ''))
    return [...new Set(input as string[])]
  faults.push(fault(at, 'invalid', 'It must be a list of the uids of content types.'))
  return []
}

function readBlocks(reading: Reading, input: unknown, place: Place): Block[] {
  const { faults } = reading
  if (!Array.isArray(input) || input.length === 0) {
    faults.push(fault(place.path, 'required', 'There must be a list of blocks.'))
    return []
  }
  const taken = new Set<string>()
  return input.flatMap((each: unknown, index) => {
    const at = `${place.path}.${index}`
    if (!isObject(each)) {
      faults.push(fault(at, 'invalid', 'A block is an object.'))
      return []
    }
    for (const key of Object.keys(each))
      if (!['uid', 'name', 'fields', 'open', 'annotations'].includes(key))
        faults.push(fault(`${at}.${key}`, 'unknown', 'A block has no such property.'))
    const uid = readUid(faults, each.uid, `${at}.uid`, taken)
    return [
      {
        uid,
        name: readName(faults, each.name, `${at}.name`, uid),
        ...(each.open === true
          ? { open: true, fields: [] }
          : { fields: readList(reading, each.fields, { ...place, path: `${at}.fields` }) }),
        ...readAnnotations(faults, each.annotations, `${at}.annotations`),
      },
    ]
  })
}
