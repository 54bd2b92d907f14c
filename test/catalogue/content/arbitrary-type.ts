import fc from 'fast-check'
import type { FieldInput, Json, JsonObject } from '#catalogue/content/field.ts'

/** A content type's field, with an arbitrary of values that it takes as they are. */
export interface Sample {
  field: FieldInput
  value: fc.Arbitrary<Json>
}

const uid = fc.stringMatching(/^[a-z][a-z0-9_]{0,7}$/)
const itemUid = fc.stringMatching(/^blt[0-9a-f]{16}$/)
const text = fc
  .string({ minLength: 1, maxLength: 12 })
  .filter((each) => each.trim() !== '' && !each.includes('\0'))

const scalars = {
  text,
  number: fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => (Object.is(each, -0) ? 0 : each)),
  boolean: fc.boolean(),
  isodate: fc
    .date({ noInvalidDate: true, min: new Date('1900-01-01'), max: new Date('2999-12-31') })
    .map((at) => at.toISOString()),
  file: itemUid,
  link: fc.record({ title: text, href: text }),
  json: fc
    .json({ maxDepth: 3 })
    .map((each) => JSON.parse(each.replaceAll('\\u0000', '')) as Json)
    .filter((each) => each !== null && each !== '' && !isEmptyList(each)),
} as const

function isEmptyList(value: Json): boolean {
  return Array.isArray(value) && value.length === 0
}

const flags = fc.record({ mandatory: fc.boolean() })

function scalar(name: string): fc.Arbitrary<Sample> {
  return fc
    .tuple(fc.constantFrom(...(Object.keys(scalars) as (keyof typeof scalars)[])), flags, fc.boolean())
    .map(([type, flag, multiple]) => ({
      field: { uid: name, type, ...flag, multiple },
      value: multiple
        ? fc.array(scalars[type] as fc.Arbitrary<Json>, { minLength: 1, maxLength: 3 })
        : (scalars[type] as fc.Arbitrary<Json>),
    }))
}

function reference(name: string): fc.Arbitrary<Sample> {
  return fc.tuple(flags, fc.boolean()).map(([flag, multiple]) => ({
    field: { uid: name, type: 'reference', reference_to: ['page', 'post'], ...flag, multiple },
    value: fc.array(fc.record({ uid: itemUid, _content_type_uid: fc.constantFrom('page', 'post') }), {
      minLength: 1,
      maxLength: multiple ? 3 : 1,
    }) as fc.Arbitrary<Json>,
  }))
}

function group(name: string, depth: number): fc.Arbitrary<Sample> {
  return fc.tuple(samples(depth - 1), fc.boolean()).map(([parts, multiple]) => {
    const one = dataOf(parts)
    return {
      field: { uid: name, type: 'group', multiple, fields: parts.map(({ field }) => field) },
      value: multiple ? fc.array(one, { minLength: 1, maxLength: 2 }) : one,
    }
  })
}

function blocks(name: string, depth: number): fc.Arbitrary<Sample> {
  return fc.uniqueArray(uid, { minLength: 1, maxLength: 2 }).chain((kinds) =>
    fc.tuple(...kinds.map(() => samples(depth - 1))).map((contents) => ({
      field: {
        uid: name,
        type: 'blocks',
        blocks: kinds.map((kind, n) => ({
          uid: kind,
          fields: (contents[n] ?? []).map(({ field }) => field),
        })),
      },
      value: fc.array(
        fc
          .nat(kinds.length - 1)
          .chain((n) => dataOf(contents[n] ?? []).map((data) => ({ [kinds[n] ?? '']: data }))),
        { minLength: 1, maxLength: 3 },
      ),
    })),
  )
}

function samples(depth: number): fc.Arbitrary<Sample[]> {
  return fc
    .uniqueArray(uid, { minLength: 1, maxLength: 3 })
    .chain((names) =>
      fc.tuple(
        ...names.map((name) =>
          depth > 0
            ? fc.oneof(scalar(name), reference(name), group(name, depth), blocks(name, depth))
            : fc.oneof(scalar(name), reference(name)),
        ),
      ),
    )
}

/** Data in which every field is filled in. */
function dataOf(parts: readonly Sample[]): fc.Arbitrary<JsonObject> {
  return fc
    .tuple(...parts.map(({ value }) => value))
    .map((values) => Object.fromEntries(parts.map(({ field }, n) => [field.uid, values[n] ?? null])))
}

const reserved = ['title', 'uid', 'locale', 'tags']

const parts = samples(2).map((more): Sample[] => [
  { field: { uid: 'title', type: 'text', mandatory: true }, value: text },
  ...more.filter(({ field }) => !reserved.includes(field.uid)),
])

/** A content type with title and up to three more fields, and an entry that keeps its rules. */
export const typeWithEntry = parts.chain((all) =>
  dataOf(all).map((data) => ({ fields: all.map(({ field }) => field), data })),
)

/** The same with two entries. */
export const typeWithEntries = parts.chain((all) =>
  fc
    .tuple(dataOf(all), dataOf(all))
    .map(([one, other]) => ({ fields: all.map(({ field }) => field), one, other })),
)
