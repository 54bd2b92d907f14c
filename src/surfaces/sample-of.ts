/** What of a JSON schema a sample is made from. */
export interface SampledSchema {
  $ref?: string
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  default?: unknown
  examples?: unknown[]
  anyOf?: SampledSchema[]
  oneOf?: SampledSchema[]
  allOf?: SampledSchema[]
  properties?: Record<string, SampledSchema>
  required?: string[]
  additionalProperties?: unknown
  items?: SampledSchema
  minItems?: number
  minimum?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  format?: string
}

/** What a text is by the name of its field, so that a sample says something. */
const words: Record<string, string> = {
  name: 'spring',
  key: 'website',
  title: 'Spring',
  description: 'What goes live in spring',
  email: 'ada@example.com',
  password: 'correct horse battery staple',
  reason: 'The price list is wrong',
  yaml: 'projects:\n  - { key: website, kind: content }\n',
  url: 'https://example.com/hooks/headgate',
  locale: 'en-us',
  time_zone: 'Europe/Paris',
  rrule: 'FREQ=WEEKLY;BYDAY=FR',
  start: '17:00',
  date: '2026-12-24',
  digest: `sha256:${'0'.repeat(64)}`,
}

const time = '2026-12-24T09:00:00.000Z'
/** What stands for an id after its prefix. */
export const hexadecimal = '0192f0c1a2b37c4d8e5f60718293a4b5'

/**
 * A value that the schema takes, as short as it may be: an object has what it requires, or else its first field.
 * `resolve` finds what a `$ref` refers to, `field` is the name of the field that the value is for.
 */
export function sampleOf(
  schema: SampledSchema,
  resolve: (ref: string) => SampledSchema | undefined = () => undefined,
  field = '',
): unknown {
  const sample = (one: SampledSchema, name = field) => sampleOf(one, resolve, name)
  if (schema.$ref) return sample(resolve(schema.$ref) ?? {})
  const given = [schema.examples?.[0], schema.const, schema.default, schema.enum?.[0]]
  const first = given.find((value) => value !== undefined && value !== null)
  if (first !== undefined) return first
  const choice = (schema.anyOf ?? schema.oneOf)?.find((one) => one.type !== 'null')
  if (choice) return sample(choice)
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((one) => sample(one) as object)) as object
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (type === 'object' || schema.properties) return sampleObject(schema, sample)
  if (type === 'array')
    return Array.from({ length: Math.max(1, schema.minItems ?? 1) }, () =>
      sample(schema.items ?? {}, singular(field)),
    )
  if (type === 'integer' || type === 'number') return Math.max(1, schema.minimum ?? 1)
  if (type === 'boolean') return true
  return type === 'null' ? null : sampleText(schema, field)
}

function sampleObject(
  { properties = {}, required = [] }: SampledSchema,
  sample: (schema: SampledSchema, name: string) => unknown,
): object {
  const telling = Object.keys(properties).filter((name) => properties[name]?.examples)
  const wanted = new Set([...required, ...telling])
  const names = wanted.size > 0 ? [...wanted] : Object.keys(properties).slice(0, 1)
  return Object.fromEntries(names.map((name) => [name, sample(properties[name] ?? {}, name)]))
}

function sampleText(
  { pattern, format, minLength = 0, maxLength = Infinity }: SampledSchema,
  field: string,
): string {
  const [, prefix] = /^\^([a-z]+)_\[0-9a-f\]\{32\}\$$/.exec(pattern ?? '') ?? []
  if (prefix) return `${prefix}_${hexadecimal}`
  if (format === 'date-time') return time
  const word = words[field] ?? (field === '' ? 'text' : field.replaceAll('_', '-'))
  const fitting = word.padEnd(minLength, 'x').slice(0, maxLength)
  const candidates = [fitting, 'a', '1', '*', time.slice(0, 10), 'sha256:'.padEnd(71, '0')]
  return candidates.find((text) => !pattern || new RegExp(pattern, 'u').test(text)) ?? fitting
}

function singular(field: string): string {
  return field.replace(/ies$/, 'y').replace(/s$/, '')
}
