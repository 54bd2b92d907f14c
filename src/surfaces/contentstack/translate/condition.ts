import type { Condition, Operator, Order } from '#catalogue/content/condition.ts'
import type { Field } from '#catalogue/content/field.ts'
import { invalidField } from '#domain/errors.ts'

type Query = { [key: string]: unknown }
type System = Extract<Condition, { system: unknown }>['system']

/** What the vendor calls the fields that every item has, and ours for them. */
export interface Fields {
  system: { [word: string]: System }
  /** Of an asset: data fields that are called otherwise. */
  data?: { [word: string]: string }
  /** What the content type says of the fields, where one is asked about. */
  typed?: readonly Field[]
  /** The fields of any content type, for what is asked behind references. */
  typeOf?: (uid: string) => readonly Field[]
}

const systemWords: { [word: string]: System } = {
  uid: 'uid',
  title: 'title',
  _version: 'version',
  created_at: 'created_at',
  updated_at: 'updated_at',
  created_by: 'created_by',
  updated_by: 'updated_by',
}

export const typeFields: Fields = { system: systemWords }
export const entryFields: Fields = { system: systemWords }
export const assetFields: Fields = {
  system: { ...systemWords, name: 'title', parent_uid: 'parent_uid' },
  data: { file_size: 'size' },
}

/** As of entries of one type, understood by what the types say of their fields. */
export function fieldsOfType(types: ReadonlyMap<string, { fields: readonly Field[] }>, uid: string): Fields {
  const typeOf = (other: string) => types.get(other)?.fields ?? []
  const typed = types.get(uid)?.fields
  return { ...entryFields, typeOf, ...(typed ? { typed } : {}) }
}

const operators: { [word: string]: Operator } = {
  $eq: 'equal',
  $ne: 'not_equal',
  $lt: 'less',
  $lte: 'at_most',
  $gt: 'more',
  $gte: 'at_least',
  $in: 'in',
  $nin: 'not_in',
  $exists: 'exists',
  $regex: 'matches',
}

const groups: { [word: string]: 'all' | 'any' | 'none' } = { $and: 'all', $or: 'any', $nor: 'none' }

/** Our id of the vendor's user id, where a query compares authors. */
type Person = (uid: unknown) => unknown

/** The vendor's query (section 1.8) as the catalogue is asked. Throws `invalid` at `query.…`. */
export function readQuery(query: Query, fields: Fields, person: Person): Condition | undefined {
  const all = Object.entries(query).flatMap(([key, value]) => readPart(key, value, fields, person))
  return all.length === 0 ? undefined : { all }
}

function readPart(key: string, value: unknown, fields: Fields, person: Person): Condition[] {
  // The vendor's reader puts this word among the fields; it chooses nothing.
  if (key === 'include_reference_content_type_uid') return []
  const group = groups[key]
  if (group) {
    if (!Array.isArray(value) || !value.every(isObject)) throw wrong(key, 'must be a list of queries.')
    const parts = value.map((part) => readQuery(part, fields, person) ?? { all: [] })
    return [{ [group]: parts } as Condition]
  }
  if (key.startsWith('$')) throw wrong(key, 'is not supported.')
  // Several values, as those of tags: it has them all.
  if (Array.isArray(value)) return value.map((one) => test(key, 'equal', one, false, fields, person))
  if (!isObject(value)) return [test(key, 'equal', value, false, fields, person)]
  const { $options = '' } = value
  if (typeof $options !== 'string' || !/^i*$/.test($options))
    throw wrong(`${key}.$options`, 'is not supported: the only option is i.')
  const ignore_case = $options !== ''
  return Object.entries(value)
    .filter(([word]) => word !== '$options')
    .map(([word, operand]) => {
      if (word === '$in_query') return refers(key, operand, fields, person)
      if (word === '$nin_query') return { none: [refers(key, operand, fields, person)] }
      const is = operators[word]
      if (!is) throw wrong(`${key}.${word}`, 'is not supported.')
      return test(key, is, operand, ignore_case, fields, person)
    })
}

/** A query about the entries that a reference points at. */
function refers(key: string, query: unknown, fields: Fields, person: Person): Condition {
  if (!isObject(query)) throw wrong(key, 'must be a query.')
  const { typed, typeOf } = fields
  const field = typed && fieldAt(typed, key.split('.'))?.field
  if (typed && field?.type !== 'reference') throw wrong(key, 'is no reference.')
  const behind: Fields = { system: systemWords, ...(typeOf ? { typeOf } : {}) }
  if (field?.reference_to && typeOf) behind.typed = field.reference_to.flatMap((uid) => [...typeOf(uid)])
  return { refers: key, to: readQuery(query, behind, person) ?? { all: [] } }
}

/** The field at a path of uids, and what of the path is left behind it. */
function fieldAt(
  fields: readonly Field[],
  [uid, ...rest]: readonly string[],
): { field: Field; rest: readonly string[] } | undefined {
  const field = fields.find((one) => one.uid === uid)
  if (!field) return undefined
  if (field.type === 'group' && rest.length > 0) return fieldAt(field.fields ?? [], rest)
  if (field.type === 'blocks' && rest.length > 1) {
    const block = field.blocks?.find((one) => one.uid === rest[0])
    return block && fieldAt(block.fields, rest.slice(1))
  }
  return { field, rest }
}

/** Where the catalogue keeps what a path means: a reference is known by its uid, a file is one. */
function pathOf(key: string, { data, typed }: Fields): { path: string; date: boolean } {
  const { field, rest } = (typed && fieldAt(typed, key.split('.'))) ?? {}
  if (field?.type === 'reference' && rest?.length === 0) return { path: `${key}.uid`, date: false }
  if (field?.type === 'file' && rest?.join('.') === 'uid')
    return { path: key.slice(0, -'.uid'.length), date: false }
  return { path: data?.[key] ?? key, date: field?.type === 'isodate' }
}

function test(
  key: string,
  is: Operator,
  value: unknown,
  ignore_case: boolean,
  fields: Fields,
  person: Person,
): Condition {
  const { system } = fields
  const named = Object.hasOwn(system, key) ? system[key] : undefined
  const people = named === 'created_by' || named === 'updated_by'
  const { path, date } = pathOf(key, fields)
  const operand = people
    ? Array.isArray(value)
      ? value.map(person)
      : person(value)
    : path === 'size'
      ? numberOf(value)
      : value
  // What the catalogue cannot compare it refuses itself.
  return {
    ...(named ? { system: named } : { field: path }),
    is,
    value: operand,
    ignore_case,
    ...(date ? { as_date: true } : {}),
  } as Condition
}

/** Sizes are told as text and kept as numbers. */
function numberOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(numberOf)
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
}

/** Every text that a query compares an author with. */
export function peopleIn(query: unknown, author = false): string[] {
  if (typeof query === 'string') return author ? [query] : []
  if (typeof query !== 'object' || query === null) return []
  return Object.entries(query).flatMap(([key, value]) =>
    peopleIn(value, author || key === 'created_by' || key === 'updated_by'),
  )
}

export function readOrder(
  asked: { field: string; direction: 'asc' | 'desc' } | undefined,
  fields: Fields,
): Order[] {
  if (!asked) return []
  const direction = asked.direction === 'asc' ? 'ascending' : 'descending'
  const named = Object.hasOwn(fields.system, asked.field) ? fields.system[asked.field] : undefined
  return [
    named ? { system: named, direction } : { field: fields.data?.[asked.field] ?? asked.field, direction },
  ]
}

function wrong(key: string, detail: string) {
  return invalidField(`query.${key}`, 'invalid', detail)
}

function isObject(value: unknown): value is Query {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
