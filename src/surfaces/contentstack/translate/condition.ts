import type { Condition, Operator, Order } from '#catalogue/content/condition.ts'
import { invalidField } from '#domain/errors.ts'

type Query = { [key: string]: unknown }
type System = Extract<Condition, { system: unknown }>['system']

/** What the vendor calls the fields that every item has, and ours for them. */
export interface Fields {
  system: { [word: string]: System }
  /** Of an asset: data fields that are called otherwise. */
  data?: { [word: string]: string }
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
  system: { ...systemWords, parent_uid: 'parent_uid' },
  data: { file_size: 'size' },
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
  const group = groups[key]
  if (group) {
    if (!Array.isArray(value) || !value.every(isObject)) throw wrong(key, 'must be a list of queries.')
    const parts = value.map((part) => readQuery(part, fields, person) ?? { all: [] })
    return [{ [group]: parts } as Condition]
  }
  if (key.startsWith('$')) throw wrong(key, 'is not supported.')
  if (!isObject(value)) return [test(key, 'equal', value, false, fields, person)]
  const ignore_case = typeof value.$options === 'string' && value.$options.includes('i')
  return Object.entries(value)
    .filter(([word]) => word !== '$options')
    .map(([word, operand]) => {
      const is = operators[word]
      if (!is) throw wrong(`${key}.${word}`, 'is not supported.')
      return test(key, is, operand, ignore_case, fields, person)
    })
}

function test(
  key: string,
  is: Operator,
  value: unknown,
  ignore_case: boolean,
  { system, data }: Fields,
  person: Person,
): Condition {
  const named = Object.hasOwn(system, key) ? system[key] : undefined
  const people = named === 'created_by' || named === 'updated_by'
  const operand = people ? (Array.isArray(value) ? value.map(person) : person(value)) : value
  // What the catalogue cannot compare it refuses itself.
  return {
    ...(named ? { system: named } : { field: data?.[key] ?? key }),
    is,
    value: operand,
    ignore_case,
  } as Condition
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
