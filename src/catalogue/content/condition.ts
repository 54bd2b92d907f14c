import { DomainError, invalidField, type FieldFault } from '#domain/errors.ts'
import {
  systemFields,
  type Condition,
  type Operator,
  type Order,
  type SystemField,
} from '#store/content-condition.ts'
import { TooSlowError } from '#store/time-limit.ts'
import type { Json } from './field.ts'
import { isObject, isText } from './json.ts'
import { faultOfPattern, inStoresWords } from './pattern.ts'

export type { Condition, Operator, Order } from '#store/content-condition.ts'

const limits = {
  tests: 100,
  patterns: 10,
  depth: 20,
  list: 1000,
  path: 300,
  orders: 5,
  /** Questions that look behind references. */
  references: 5,
  text: 256,
}

const operators: readonly Operator[] = [
  'equal',
  'not_equal',
  'less',
  'at_most',
  'more',
  'at_least',
  'in',
  'not_in',
  'exists',
  'matches',
]

/** What a system field is compared with. Dates are any text that the calendar understands. */
const systemTypes: Record<SystemField, 'text' | 'number' | 'date' | 'uuid'> = {
  uid: 'text',
  version: 'number',
  title: 'text',
  parent_uid: 'text',
  created_at: 'date',
  updated_at: 'date',
  created_by: 'uuid',
  updated_by: 'uuid',
  published_at: 'date',
}

type Loose = Record<string, unknown>

interface Reading {
  faults: FieldFault[]
  tests: number
  patterns: number
  references: number
}

/** A condition that the store can be asked, from what a caller made of its own language. Throws `invalid` (`where.…`). */
export function readCondition(input: unknown): Condition | undefined {
  if (input === undefined) return undefined
  const reading: Reading = { faults: [], tests: 0, patterns: 0, references: 0 }
  const condition = readPart(reading, input, 'where', 0)
  if (reading.tests > limits.tests)
    reading.faults.push({
      field: 'where',
      fault: 'too_many',
      detail: `A query has at most ${limits.tests} tests.`,
    })
  if (reading.patterns > limits.patterns)
    reading.faults.push({
      field: 'where',
      fault: 'too_many',
      detail: `A query has at most ${limits.patterns} patterns.`,
    })
  if (reading.references > limits.references)
    reading.faults.push({
      field: 'where',
      fault: 'too_many',
      detail: `A query looks behind references at most ${limits.references} times.`,
    })
  if (reading.faults.length > 0) throw new DomainError('invalid', { faults: reading.faults })
  return condition
}

function readPart(reading: Reading, input: unknown, path: string, depth: number): Condition {
  const nothing: Condition = { all: [] }
  const refuse = (detail: string) => {
    reading.faults.push({ field: path, fault: 'invalid', detail })
    return nothing
  }
  if (!isObject(input)) return refuse('A condition is an object.')
  if (depth > limits.depth) return refuse(`A query is at most ${limits.depth} deep.`)
  for (const word of ['all', 'any', 'none'] as const) {
    if (!(word in input)) continue
    const parts = input[word]
    if (!Array.isArray(parts)) return refuse(`${word} is a list of conditions.`)
    reading.tests += parts.length
    if (reading.tests > limits.tests) return nothing
    const read = parts.map((part, index) => readPart(reading, part, `${path}.${word}.${index}`, depth + 1))
    return { [word]: read } as Condition
  }
  if (input.refers !== undefined) {
    reading.references += 1
    reading.tests += 1
    if (!isPath(input.refers)) return refuse('The field is a path of uids, joined by dots.')
    return { refers: input.refers, to: readPart(reading, input.to, `${path}.to`, depth + 1) }
  }
  if (input.says !== undefined) {
    reading.patterns += 1
    return isText(input.says) && input.says !== '' && input.says.length <= limits.text
      ? { says: input.says }
      : refuse(`What is looked for is text of at most ${limits.text} characters.`)
  }
  if (input.made === 'after' || input.made === 'before')
    return isText(input.uid) ? { made: input.made, uid: input.uid } : refuse('A uid is text.')
  if (input.is === 'matches') reading.patterns += 1
  return readTest(input, refuse) ?? nothing
}

function readTest(input: Loose, refuse: (detail: string) => Condition): Condition {
  const is = operators.find((each) => each === input.is)
  if (!is) return refuse(`The operator is one of ${operators.join(', ')}.`)
  const ignore_case = input.ignore_case === true
  const given = (input.value ?? null) as Json
  const wrong = faultOfValue(is, given)
  if (wrong) return refuse(wrong)
  const value = is === 'matches' && typeof given === 'string' ? inStoresWords(given) : given
  if (input.system !== undefined) {
    const system = systemFields.find((each) => each === input.system)
    if (!system) return refuse(`The field is one of ${systemFields.join(', ')}.`)
    const cast = castSystem(system, is, value)
    return cast === undefined
      ? refuse(`${system} is compared with a ${systemTypes[system]}.`)
      : { system, is, value: cast, ignore_case }
  }
  if (!isPath(input.field)) return refuse('The field is a path of uids, joined by dots.')
  const moment = input.as_date === true && comparing.includes(is) ? casts.date(value) : undefined
  if (typeof moment === 'string') return { field: input.field, is, value: moment, as_date: true }
  return { field: input.field, is, value, ignore_case }
}

/** The operators to which a date is more than a text. */
const comparing: readonly Operator[] = ['less', 'at_most', 'more', 'at_least']

function isPath(path: unknown): path is string {
  return isText(path) && path.length <= limits.path && path.split('.').every((step) => step !== '')
}

function isScalar(value: Json): boolean {
  return value === null || typeof value === 'boolean' || Number.isFinite(value) || isText(value)
}

function faultOfValue(is: Operator, value: Json): string | undefined {
  if (is === 'in' || is === 'not_in') {
    if (!Array.isArray(value) || !value.every(isScalar))
      return 'It is compared with a list of texts or numbers.'
    return value.length > limits.list ? `The list has at most ${limits.list} values.` : undefined
  }
  if (is === 'exists') return typeof value === 'boolean' ? undefined : 'It is compared with true or false.'
  if (is === 'matches') return faultOfPattern(value)
  return isScalar(value) ? undefined : 'It is compared with a text, a number or a truth value.'
}

function castSystem(system: SystemField, is: Operator, value: Json): Json | undefined {
  if (is === 'exists') return value
  if (Array.isArray(value)) {
    const list = value.map((each) => castSystem(system, 'equal', each))
    return list.every((each) => each !== undefined) ? list : undefined
  }
  if (is === 'matches') return systemTypes[system] === 'text' ? value : undefined
  if (value === null) return is === 'equal' || is === 'not_equal' ? null : undefined
  const cast = casts[systemTypes[system]]
  return cast(value)
}

const casts: Record<'text' | 'number' | 'date' | 'uuid', (value: Json) => Json | undefined> = {
  text: (value) => (typeof value === 'string' ? value : undefined),
  number: (value) =>
    typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? value : undefined,
  date: (value) => {
    const time = typeof value === 'string' && value.length <= 40 ? Date.parse(value) : Number.NaN
    const year = new Date(time).getUTCFullYear()
    return Number.isNaN(time) || year < 1 || year > 9999 ? undefined : new Date(time).toISOString()
  },
  uuid: (value) => (typeof value === 'string' && uuid.test(value) ? value : undefined),
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What a list is sorted by. Throws `invalid` (`order.<n>`). */
export function readOrder(input: readonly Order[] = []): Order[] {
  const faults: FieldFault[] = input.flatMap((each, index) => {
    const known = 'system' in each ? systemFields.includes(each.system) : isPath(each.field)
    const fine = known && ['ascending', 'descending'].includes(each.direction) && index < limits.orders
    return fine
      ? []
      : [{ field: `order.${index}`, fault: 'invalid', detail: 'The list cannot be sorted by this.' }]
  })
  if (faults.length > 0) throw new DomainError('invalid', { faults })
  return [...input]
}

/** What the store answers; a pattern that it finds to be none, or too slow, is refused. Throws `invalid` (`where`). */
export async function askStore<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof TooSlowError)
      throw invalidField(
        'where',
        'invalid',
        'The pattern takes too long on what is here. Ask for a simpler one, or for fewer items.',
      )
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === '22007' || code === '22008')
      throw invalidField('where', 'invalid', 'A field that is compared with a date holds what is none.')
    if (code === '2201B') throw invalidField('where', 'invalid', 'The pattern is no regular expression.')
    throw error
  }
}
