import { describe, test, type TestContext } from 'node:test'
import fc from 'fast-check'
import type { Field, FieldInput, Json, JsonObject } from '#catalogue/content/field.ts'
import { checkEntry, readEntry } from '#catalogue/content/read-entry.ts'
import { readFields } from '#catalogue/content/read-fields.ts'
import { typeWithEntry } from './arbitrary-type.ts'

function typed(inputs: readonly FieldInput[]): Field[] {
  const { fields, faults } = readFields([{ uid: 'title', type: 'text' }, ...inputs])
  if (faults.length > 0) throw new Error(JSON.stringify(faults))
  return fields
}

/** What is said of one value of one field. */
function faultsOf(field: FieldInput, value: unknown): string[] {
  const { faults } = readEntry({ fields: typed([field]), input: { title: 'x', [field.uid]: value } })
  return faults.map((each) => `${each.field} ${each.fault}`)
}

describe('any content type', () => {
  test('takes what keeps its rules as it is', () => {
    fc.assert(
      fc.property(typeWithEntry, ({ fields: inputs, data }) => {
        const { fields, faults } = readFields(inputs)
        if (faults.length > 0) throw new Error(JSON.stringify(faults))
        const read = readEntry({ fields, input: data })
        if (read.faults.length > 0) throw new Error(JSON.stringify(read.faults))
        return equal(read.data, data) && checkEntry(fields, read.data).length === 0
      }),
    )
  })

  test('is read from its own fields as itself', () => {
    fc.assert(
      fc.property(typeWithEntry, ({ fields: inputs }) => {
        const { fields } = readFields(inputs)
        return equal(readFields(fields).fields as never, fields as never)
      }),
    )
  })

  test('finds a fault that is planted anywhere, under its path', () => {
    const planted = fc.tuple(typeWithEntry, fc.nat()).map(([type, pick]) => plant(type, pick))
    fc.assert(
      fc.property(planted, ({ fields: inputs, data, path }) => {
        const { fields } = readFields(inputs)
        const { faults } = readEntry({ fields, input: data })
        return faults.length > 0 && faults.every(({ field }) => `${field}.`.startsWith(`${path}.`))
      }),
    )
  })

  test('finds an unknown field anywhere, under its path', () => {
    const planted = fc.tuple(typeWithEntry, fc.nat()).map(([type, pick]) => intrude(type, pick))
    fc.assert(
      fc.property(planted, ({ fields: inputs, data, path }) => {
        const { faults } = readEntry({ fields: readFields(inputs).fields, input: data })
        return faults.length === 1 && faults[0]?.field === path && faults[0].fault === 'unknown'
      }),
    )
  })
})

interface Typed {
  fields: FieldInput[]
  data: JsonObject
}

interface Spot {
  path: string
  field: FieldInput
  holder: JsonObject
  key: string
}

/** Every field of the entry, however deep, with the object that holds its value. */
function spotsOf(fields: readonly FieldInput[], holder: JsonObject, parent: string): Spot[] {
  return fields.flatMap((field) => {
    const path = `${parent}.${field.uid}`
    const value = holder[field.uid]
    const inner = (Array.isArray(value) ? value : [value]).flatMap((each, n) => {
      const at = Array.isArray(value) ? `${path}.${n}` : path
      if (field.type === 'group') return spotsOf(field.fields ?? [], each as JsonObject, at)
      if (field.type !== 'blocks') return []
      const [kind = '', content] = Object.entries(each as JsonObject)[0] ?? []
      const block = field.blocks?.find(({ uid }) => uid === kind)
      return spotsOf(block?.fields ?? [], content as JsonObject, `${at}.${kind}`)
    })
    return [{ path, field, holder, key: field.uid }, ...inner]
  })
}

function plant({ fields, data: given }: Typed, pick: number) {
  const data = structuredClone(given)
  const spots = spotsOf(fields, data, 'entry').filter(({ field }) => field.type !== 'json')
  const spot = spots[pick % spots.length] as Spot
  // Nothing but a group, a block or JSON is an object of objects.
  spot.holder[spot.key] = { nothing: { of: 'this' } } as Json
  if (spot.field.type === 'group' && !spot.field.multiple) spot.holder[spot.key] = 7
  return { fields, data, path: spot.path }
}

function intrude({ fields, data: given }: Typed, pick: number) {
  const data = structuredClone(given)
  const spots = spotsOf(fields, data, 'entry')
  const spot = spots[pick % spots.length] as Spot
  spot.holder.intruder_x = true
  return { fields, data, path: spot.path.replace(/[^.]+$/, 'intruder_x') }
}

function equal(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  )
}

describe('values', () => {
  const cases: [field: FieldInput, value: unknown, faults: string[]][] = [
    [{ uid: 'a', type: 'text' }, 7, ['entry.a invalid']],
    [{ uid: 'a', type: 'text' }, 'a\0b', ['entry.a invalid']],
    [{ uid: 'a', type: 'text' }, '\ud800', ['entry.a invalid']],
    [{ uid: 'a', type: 'text' }, null, []],
    [{ uid: 'a', type: 'text', mandatory: true }, '  ', ['entry.a required']],
    [{ uid: 'a', type: 'text', mandatory: true }, undefined, ['entry.a required']],
    [{ uid: 'a', type: 'text', multiple: true }, 'x', ['entry.a invalid']],
    [{ uid: 'a', type: 'text', multiple: true }, ['x', 1], ['entry.a.1 invalid']],
    [{ uid: 'a', type: 'text', multiple: true, mandatory: true }, [], ['entry.a required']],
    [{ uid: 'a', type: 'number', mandatory: true }, 0, []],
    [{ uid: 'a', type: 'number' }, '7', ['entry.a invalid']],
    [{ uid: 'a', type: 'number' }, Infinity, ['entry.a invalid']],
    [{ uid: 'a', type: 'number', multiple: true }, [1, null], ['entry.a.1 invalid']],
    [{ uid: 'a', type: 'boolean', mandatory: true }, false, []],
    [{ uid: 'a', type: 'boolean' }, 'true', ['entry.a invalid']],
    [{ uid: 'a', type: 'isodate' }, '2026-02-28', []],
    [{ uid: 'a', type: 'isodate' }, '2026-02-28T10:00:00.000Z', []],
    [{ uid: 'a', type: 'isodate' }, '2026-02-28T10:00:00+05:30', []],
    [{ uid: 'a', type: 'isodate' }, '2026-02-31', ['entry.a invalid']],
    [{ uid: 'a', type: 'isodate' }, '2026-02-28T25:00:00Z', ['entry.a invalid']],
    [{ uid: 'a', type: 'isodate' }, 'tomorrow', ['entry.a invalid']],
    [{ uid: 'a', type: 'isodate' }, '2026-02-28T10:00:00+99:99', ['entry.a invalid']],
    [{ uid: 'a', type: 'isodate' }, '0000-01-01', ['entry.a invalid']],
    [{ uid: 'a', type: 'file' }, 'blt1', []],
    [{ uid: 'a', type: 'file' }, { uid: 'blt1', filename: 'x.png' }, []],
    [{ uid: 'a', type: 'file' }, 'a/b', ['entry.a invalid']],
    [{ uid: 'a', type: 'link' }, { title: 'x', href: '/x' }, []],
    [{ uid: 'a', type: 'link' }, { url: '/x' }, ['entry.a.url unknown']],
    [{ uid: 'a', type: 'link' }, '/x', ['entry.a invalid']],
    [{ uid: 'a', type: 'reference', reference_to: ['page'] }, 'blt1', []],
    [
      { uid: 'a', type: 'reference', reference_to: ['page', 'post'] },
      ['blt1'],
      ['entry.a.0._content_type_uid required'],
    ],
    [
      { uid: 'a', type: 'reference', reference_to: ['page'] },
      [{ uid: 'blt1', _content_type_uid: 'post' }],
      ['entry.a.0._content_type_uid invalid'],
    ],
    [{ uid: 'a', type: 'reference', reference_to: ['page'] }, ['blt1', 'blt2'], ['entry.a too_many']],
    [{ uid: 'a', type: 'reference', reference_to: ['page'], multiple: true }, ['blt1', 'blt2'], []],
    [
      { uid: 'a', type: 'group', fields: [{ uid: 'b', type: 'text', mandatory: true }] },
      undefined,
      ['entry.a.b required'],
    ],
    [{ uid: 'a', type: 'group', fields: [{ uid: 'b', type: 'text' }] }, 'x', ['entry.a invalid']],
    [
      { uid: 'a', type: 'group', multiple: true, fields: [{ uid: 'b', type: 'text', mandatory: true }] },
      [{ b: 'x' }, {}],
      ['entry.a.1.b required'],
    ],
    [
      { uid: 'a', type: 'group', multiple: true, fields: [{ uid: 'b', type: 'text', mandatory: true }] },
      undefined,
      [],
    ],
    [
      {
        uid: 'a',
        type: 'blocks',
        blocks: [{ uid: 'h', fields: [{ uid: 'b', type: 'text', mandatory: true }] }],
      },
      [{ h: { b: 'x' } }, { h: {} }],
      ['entry.a.1.h.b required'],
    ],
    [
      { uid: 'a', type: 'blocks', blocks: [{ uid: 'h', fields: [{ uid: 'b', type: 'text' }] }] },
      [{ q: {} }],
      ['entry.a.0.q unknown'],
    ],
    [
      { uid: 'a', type: 'blocks', blocks: [{ uid: 'h', fields: [{ uid: 'b', type: 'text' }] }] },
      [{ h: {}, q: {} }],
      ['entry.a.0 invalid'],
    ],
    [{ uid: 'a', type: 'json' }, { any: [1, { thing: null }] }, []],
    [{ uid: 'a', type: 'json' }, { any: ['\0'] }, ['entry.a invalid']],
    [{ uid: 'constructor', type: 'text', mandatory: true }, undefined, ['entry.constructor required']],
  ]
  for (const [field, value, expected] of cases) {
    test(`${field.type}${field.multiple ? ' list' : ''} ${JSON.stringify(value)} ${expected.join() || 'is fine'}`, (t: TestContext) => {
      t.assert.deepEqual(faultsOf(field, value), expected)
    })
  }

  test('are kept in one shape', (t: TestContext) => {
    const fields = typed([
      { uid: 'image', type: 'file' },
      { uid: 'one', type: 'reference', reference_to: ['page'] },
      { uid: 'link', type: 'link' },
      { uid: 'parts', type: 'group', multiple: true, fields: [{ uid: 'a', type: 'text' }] },
    ])
    const input = {
      title: 'x',
      image: { uid: 'blt1', url: 'http://x/y.png' },
      one: { uid: 'blt2', _version: 3 },
      link: { title: 'a', href: 'b', $: {} },
      parts: [{ a: 'x', _metadata: { uid: 'cs1' } }],
      uid: 'blt0',
      locale: 'fr-fr',
      created_at: '2026-01-01',
      ACL: {},
      _version: 3,
      tags: ['a'],
    }
    t.assert.deepEqual(readEntry({ fields, input }).data, {
      title: 'x',
      image: 'blt1',
      one: [{ uid: 'blt2', _content_type_uid: 'page' }],
      link: { title: 'a', href: 'b' },
      parts: [{ a: 'x', _metadata: { uid: 'cs1' } }],
      tags: ['a'],
    })
  })

  test('that the type knows no longer go without a word when they are sent back', (t: TestContext) => {
    const fields = typed([])
    const base = { title: 'x', old: 'y' }
    const read = readEntry({ fields, input: { ...base, title: 'z' }, base })
    t.assert.deepEqual(read, { data: { title: 'z' }, title: 'z', faults: [] })
    t.assert.equal(readEntry({ fields, input: { old: 'y' } }).faults.length, 2)
  })

  test('that are no entry at all are refused', (t: TestContext) => {
    for (const input of [null, 7, 'x', [], undefined])
      t.assert.equal(readEntry({ fields: typed([]), input }).faults[0]?.field, 'entry')
    const tags = readEntry({ fields: typed([]), input: { title: 'x', tags: 'a' } })
    t.assert.equal(tags.faults[0]?.field, 'entry.tags')
    const long = readEntry({ fields: typed([]), input: { title: 'x'.repeat(513) } })
    t.assert.equal(long.faults[0]?.fault, 'too_long')
  })
})
