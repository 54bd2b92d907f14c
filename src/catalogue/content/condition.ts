import { DomainError, invalidField, type FieldFault } from '#domain/errors.ts'
import {
  systemFields,
  type Condition,
  type Operator,
  type Order,
  type SystemField,
} from '#store/content-condition.ts'
import type { Json } from './field.ts'
import { isObject, isText } from './json.ts'

export type { Condition, Operator, Order } from '#store/content-condition.ts'

const limits = { tests: 100, depth: 20, list: 1000, pattern: 256, path: 300, orders: 5 }

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
}

/** A condition that the store can be asked, from what a caller made of its own language. Throws `invalid` (`where.…`). */
export function readCondition(input: unknown): Condition | undefined {
  if (input === undefined) return undefined
  const reading: Reading = { faults: [], tests: 0 }
  const condition = readPart(reading, input, 'where', 0)
  if (reading.tests > limits.tests)
    reading.faults.push({
      field: 'where',
      fault: 'too_many',
      detail: `A query has at most ${limits.tests} tests.`,
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
  return { field: input.field, is, value, ignore_case }
}

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

/**
 * What looks back or around is refused: it is what makes a pattern slow, and the store runs it on every item. The
 * rest is the common ground of JavaScript and PostgreSQL, which match in time bounded by pattern and text.
 */
function faultOfPattern(pattern: Json): string | undefined {
  if (!isText(pattern)) return 'A pattern is text.'
  if (pattern.length > limits.pattern) return `A pattern has at most ${limits.pattern} characters.`
  const escapes = [...pattern.matchAll(/\\(.)/gs)].map(([, letter = '']) => letter)
  if (escapes.some((letter) => /[0-9a-zA-Z]/.test(letter) && !'dDwWsSbBtnr'.includes(letter)))
    return 'A pattern knows no such escape, and does not refer back.'
  const bare = pattern.replaceAll(/\\./gs, '')
  if (/\(\?[^:]/.test(bare)) return 'A pattern does not look around.'
  if (bare.startsWith('***') || /\[[.:=]/.test(bare)) return 'A pattern is a plain regular expression.'
  if ([...bare.matchAll(/\{(\d*),?(\d*)\}/g)].some(([, from, to]) => Number(from) > 100 || Number(to) > 100))
    return 'A pattern repeats at most 100 times.'
  try {
    new RegExp(pattern)
    return undefined
  } catch {
    return 'The pattern is no regular expression.'
  }
}

/** The store writes the borders of words differently. */
function inStoresWords(pattern: string): string {
  return pattern.replaceAll(/\\(.)/gs, (escape, letter) =>
    letter === 'b' ? '\\y' : letter === 'B' ? '\\Y' : escape,
  )
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

/** What the store answers; a pattern that only it finds to be none is refused as such. Throws `invalid` (`where`). */
export async function askStore<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === '2201B') throw invalidField('where', 'invalid', 'The pattern is no regular expression.')
    throw error
  }
}
