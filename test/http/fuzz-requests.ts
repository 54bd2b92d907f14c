import fc, { type Arbitrary } from 'fast-check'
import type { SampledSchema } from '#surfaces/sample-of.ts'

/** An operation of an OpenAPI document, as far as requests are made from it. */
export interface Operation {
  method: string
  path: string
  parameters: { name: string; in: string; required?: boolean; schema?: Schema }[]
  body?: Schema
  /** A body that it takes. */
  example?: object
  /** What `$ref` refers to. */
  schemas: Record<string, Schema>
}

export interface Schema extends SampledSchema {
  maximum?: number
  maxItems?: number
}

export interface FuzzedRequest {
  url: string
  headers: Record<string, string>
  payload?: string
}

/** Names of things that are there, by the prefix of their ids or the name of a parameter. */
export type Pool = Readonly<Record<string, readonly string[]>>

const deep = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as unknown

/** What no honest client sends, in place of any value. */
const hostileValues: readonly unknown[] = [
  ...[null, true, false, 0, -1, 0.5, 1e308, -1e308, 2 ** 31, 2 ** 53, -(2 ** 63), [], {}, [[]], [{}], [null]],
  ...['', ' ', 'null', 'NaN', '0x10', '1e9', '-1', '[object Object]', '__proto__', 'constructor', 'toString'],
  ...[
    '\'; drop table "release"; --',
    '" or ""="',
    '%00',
    '%',
    '\\',
    '\u0000',
    '\ud800',
    '\u202ex',
    'é'.repeat(300),
  ],
  ...['😀'.repeat(50), '𝕌', '../../etc/passwd', '${7*7}', '<script>', 'x'.repeat(20_000), '9'.repeat(400)],
  ...[
    '2026-13-45T99:99:99Z',
    '+275760-09-13T00:00:00Z',
    '0000-01-01T00:00:00Z',
    'FREQ=SECONDLY',
    'a\r\nb: c',
  ],
  ...[deep(10), deep(70), { a: { b: { c: [] } } }, Array.from({ length: 2000 }, () => 'x'), { toString: 1 }],
]

const hostile = fc.constantFrom(...hostileValues)
const hostileText = fc.oneof(
  hostile.map((value) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))),
  fc.string({ unit: 'binary', maxLength: 40 }),
)

/** Mostly what the schema takes, with something hostile in one place or another. */
function valueOf(schema: Schema, operation: Operation, pool: Pool, name = '', depth = 0): Arbitrary<unknown> {
  const good = goodValueOf(schema, operation, pool, name, depth)
  return fc.oneof({ arbitrary: good, weight: 14 }, { arbitrary: hostile, weight: 1 })
}

function goodValueOf(
  schema: Schema,
  operation: Operation,
  pool: Pool,
  name: string,
  depth: number,
): Arbitrary<unknown> {
  const value = (inner: Schema, key = name) => valueOf(inner, operation, pool, key, depth + 1)
  if (schema.$ref) return value(operation.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {})
  if (depth > 6) return fc.constant(null)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.const !== undefined) return fc.constant(schema.const)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return fc.oneof(...choices.map((one) => value(one)))
  const types = [schema.type ?? (schema.properties ? 'object' : [])].flat()
  if (types.includes('object')) return objectOf(schema, value)
  if (types.includes('array')) {
    const maxLength = Math.min(3, schema.maxItems ?? 3)
    return fc.array(value(schema.items ?? {}), {
      minLength: Math.min(maxLength, schema.minItems ?? 0),
      maxLength,
    })
  }
  if (types.includes('integer') || types.includes('number')) {
    const { minimum: min = -5, maximum: max = Math.max(min, 1000) } = schema
    return fc.integer({ min, max: Math.max(min, Math.min(max, 2 ** 40)) })
  }
  if (types.includes('boolean')) return fc.boolean()
  if (types.includes('string')) return textOf(schema, pool, name)
  return types.includes('null') ? fc.constant(null) : fc.jsonValue({ maxDepth: 2 })
}

function objectOf(
  schema: Schema,
  value: (inner: Schema, key: string) => Arbitrary<unknown>,
): Arbitrary<unknown> {
  const properties = Object.entries(schema.properties ?? {}).map(
    ([key, inner]) => [key, value(inner, key)] as const,
  )
  const known = fc.record(Object.fromEntries(properties), {
    requiredKeys: (schema.required ?? []) as never[],
  })
  const odd = fc.dictionary(fc.constantFrom('no', '__proto__', 'constructor', 'uid'), hostile, { maxKeys: 1 })
  return fc.oneof(
    { arbitrary: known, weight: 12 },
    { arbitrary: fc.tuple(known, odd).map(([one, other]) => ({ ...one, ...other })), weight: 1 },
  )
}

function textOf(
  { pattern, format, minLength = 0, maxLength = 40 }: Schema,
  pool: Pool,
  name: string,
): Arbitrary<string> {
  const [, prefix] = /^\^([a-z]+)_\[0-9a-f\]\{32\}\$$/.exec(pattern ?? '') ?? []
  if (prefix)
    return fc.constantFrom(...(pool[prefix] ?? []), `${prefix}_${'0'.repeat(32)}`, ...(pool['any'] ?? []))
  if (format === 'date-time')
    return fc
      .date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((at) => at.toISOString())
  const there = [...(pool[name] ?? []), ...(pool['any'] ?? [])]
  const words = fc
    .stringMatching(/^[a-z][a-z0-9-]{0,12}$/)
    .map((text) => text.padEnd(minLength, 'x').slice(0, maxLength))
  return there.length === 0 ? words : fc.oneof(words, fc.constantFrom(...there))
}

/** The operation's own sample, about things that are there; now and then one of its fields is hostile. */
function sampled({ example }: Operation, pool: Pool): Arbitrary<string>[] {
  if (!example) return []
  const text = JSON.stringify(example)
    .replaceAll(
      /\b([a-z]{3})_[0-9a-f]{32}\b|main\/blt0123456789abcdef\/en-us/g,
      (id: string, prefix: string | undefined) => pool[prefix ?? 'item']?.[0] ?? id,
    )
    .replaceAll('"website"', '"site"')
  const fields = JSON.parse(text) as object
  const spoilt = fc
    .tuple(fc.constantFrom(...Object.keys(fields), 'no'), hostile)
    .map(([key, value]) => JSON.stringify({ ...fields, [key]: value }))
  return [fc.constant(text), spoilt]
}

const headerValues: Readonly<Record<string, readonly string[]>> = {
  'if-match': ['*', '"1"', '"999999"', 'W/"1"', '"1", "2"', 'x', '"'],
  'if-none-match': ['*', '"1"', 'x'.repeat(2000)],
  'idempotency-key': ['k', '"k"', '""', 'x'.repeat(300), 'a b', 'k2'],
  'last-event-id': ['0', '-1', 'x', '9'.repeat(40)],
  accept: ['text/html', 'application/xml', '*/*;q=0', ';;;', 'text/event-stream'],
  'accept-encoding': ['gzip', 'zz', '*'],
  'content-encoding': ['gzip', 'br'],
  range: ['bytes=0-1', 'bytes=-'],
  branch: ['main', 'none', '%00'],
  cookie: ['a=b; __proto__=c'],
  'x-forwarded-for': ['::1', "'"],
}

const oddHeaders: Arbitrary<Record<string, string>> = fc
  .array(
    fc
      .constantFrom(...Object.entries(headerValues))
      .chain(([name, values]) => fc.constantFrom(...values).map((value) => [name, value] as const)),
    { minLength: 1, maxLength: 2 },
  )
  .map((pairs) => Object.fromEntries(pairs))
const headers = fc.oneof(
  { arbitrary: fc.constant<Record<string, string>>({}), weight: 3 },
  { arbitrary: oddHeaders, weight: 1 },
)

const brokenBodies = ['', '{', '[1,', '"', '\u0000', 'nul', '{"a":1}{"b":2}', '['.repeat(200), 'a=b', '<a/>']
const types = [
  'application/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/form-data; boundary=b',
  ';',
]

/** Requests to an operation: good ones, odd ones, and ones that are none. */
export function requestsTo(operation: Operation, pool: Pool): Arbitrary<FuzzedRequest> {
  const segment = (name: string) => {
    // An id is of what stands before it: `releases/{id}`.
    const [, before = ''] = new RegExp(`/(\\w+)/\\{${name}\\}`).exec(operation.path) ?? []
    const there = pool[before] ?? pool[name] ?? []
    const odd = fc.oneof(
      hostileText.map((text) => text.slice(0, 600)),
      fc.constantFrom(...(pool['any'] ?? ['x'])),
    )
    return there.length === 0
      ? odd
      : fc.oneof({ arbitrary: fc.constantFrom(...there), weight: 8 }, { arbitrary: odd, weight: 1 })
  }
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const path = fc.tuple(...names.map(segment)).map((values) => {
    let next = 0
    return operation.path.replaceAll(/\{\w+\}/g, () => encode(values[next++] ?? '') || '%20')
  })
  const asked = operation.parameters.filter((one) => one.in === 'query')
  const parameter = fc.oneof(
    ...asked.map(({ name, schema = {} }) =>
      fc
        .oneof(
          { arbitrary: goodValueOf(schema, operation, pool, name, 0), weight: 3 },
          { arbitrary: hostileText, weight: 1 },
        )
        .map(
          (value) => `${encode(name)}=${encode(typeof value === 'string' ? value : JSON.stringify(value))}`,
        ),
    ),
    fc.constantFrom('no=1', 'limit=1&limit=2', '__proto__=1', 'query={"a":{"$in":[]}}', 'a[b][c]=1', '&&='),
  )
  // What is required of a query is in all of them, but for a few.
  const needed = asked.filter((one) => one.required)
  const wanted = fc
    .tuple(...needed.map(({ name, schema = {} }) => goodValueOf(schema, operation, pool, name, 0)))
    .map((values) => values.map((value, n) => `${encode(needed[n]!.name)}=${encode(String(value))}`))
  const more = fc.oneof(
    { arbitrary: fc.constant<string[]>([]), weight: 3 },
    { arbitrary: fc.array(parameter, { minLength: 1, maxLength: 2 }), weight: asked.length > 0 ? 2 : 1 },
  )
  const query = fc.tuple(wanted, more).map((all) => all.flat().join('&'))
  const good = operation.body
    ? valueOf(operation.body, operation, pool).map((value) => JSON.stringify(value))
    : undefined
  const payload = fc.oneof(
    ...(good ? [{ arbitrary: fc.tuple(good, fc.constant('application/json')), weight: 12 }] : []),
    ...sampled(operation, pool).map((body) => ({
      arbitrary: fc.tuple(body, fc.constant('application/json')),
      weight: 6,
    })),
    { arbitrary: fc.tuple(fc.constantFrom(...brokenBodies), fc.constantFrom(...types)), weight: 2 },
    { arbitrary: fc.constant(undefined), weight: good ? 2 : 20 },
  )
  return fc.tuple(path, query, headers, payload).map(([at, asking, sent, body]) => ({
    url: asking ? `${at}?${asking}` : at,
    headers: { ...sent, ...(body && { 'content-type': body[1] }) },
    ...(body && { payload: body[0] }),
  }))
}

function encode(text: string): string {
  return encodeURIComponent(String(text).toWellFormed())
}
