import { describe, test, type TestContext } from 'node:test'
import { fieldLimits } from '#catalogue/content/field.ts'
import { readFields } from '#catalogue/content/read-fields.ts'

const title = { uid: 'title', type: 'text' }

function faultsOf(...fields: unknown[]): string[] {
  return readFields([title, ...fields]).faults.map(({ field, fault }) => `${field} ${fault}`)
}

describe('a content type', () => {
  test('has a title that is one mandatory text', (t: TestContext) => {
    const said = (input: unknown) => readFields(input).faults.map(({ field, fault }) => `${field} ${fault}`)
    t.assert.deepEqual(said([]), ['fields required'])
    t.assert.deepEqual(said(undefined), ['fields required', 'fields required'])
    t.assert.deepEqual(said('x'), ['fields invalid', 'fields required'])
    t.assert.deepEqual(said([{ uid: 'title', type: 'number' }]), ['fields.0.type invalid'])
    t.assert.deepEqual(said([{ ...title, mandatory: false }]), ['fields.0.mandatory invalid'])
    t.assert.deepEqual(said([{ ...title, multiple: true }]), ['fields.0.multiple invalid'])
    t.assert.equal(readFields([title]).fields[0]?.mandatory, true)
  })

  const cases: [what: string, fields: unknown[], faults: string[]][] = [
    [
      'a uid twice',
      [
        { uid: 'a', type: 'text' },
        { uid: 'a', type: 'text' },
      ],
      ['fields.2.uid not_unique'],
    ],
    ['a uid of an entry itself', [{ uid: 'locale', type: 'text' }], ['fields.1.uid invalid']],
    [
      'a uid within a group that an entry has too',
      [{ uid: 'g', type: 'group', fields: [{ uid: 'locale', type: 'text' }] }],
      [],
    ],
    ['no uid', [{ type: 'text' }], ['fields.1.uid required']],
    ['a uid with a dash', [{ uid: 'a-b', type: 'text' }], ['fields.1.uid invalid']],
    ['a uid too long', [{ uid: 'a'.repeat(101), type: 'text' }], ['fields.1.uid too_long']],
    ['no type', [{ uid: 'a' }], ['fields.1.type required']],
    ['a global field', [{ uid: 'a', type: 'global_field' }], ['fields.1.type invalid']],
    ['a taxonomy', [{ uid: 'a', type: 'taxonomy' }], ['fields.1.type invalid']],
    ['an unknown property', [{ uid: 'a', type: 'text', data_type: 'text' }], ['fields.1.data_type unknown']],
    ['a flag that is no flag', [{ uid: 'a', type: 'text', unique: 'yes' }], ['fields.1.unique invalid']],
    ['a name that is none', [{ uid: 'a', type: 'text', name: 7 }], ['fields.1.name invalid']],
    [
      'a unique list',
      [{ uid: 'a', type: 'text', multiple: true, unique: true }],
      ['fields.1.unique invalid'],
    ],
    ['a unique file', [{ uid: 'a', type: 'file', unique: true }], ['fields.1.unique invalid']],
    ['a unique part', [{ uid: 'g', type: 'group', fields: [{ uid: 'a', type: 'text', unique: true }] }], []],
    [
      'a unique part of a list',
      [{ uid: 'g', type: 'group', multiple: true, fields: [{ uid: 'a', type: 'text', unique: true }] }],
      ['fields.1.fields.0.unique invalid'],
    ],
    [
      'a part of a block that is not localised',
      [
        {
          uid: 'b',
          type: 'blocks',
          blocks: [{ uid: 'h', fields: [{ uid: 'a', type: 'text', non_localizable: true }] }],
        },
      ],
      ['fields.1.blocks.0.fields.0.non_localizable invalid'],
    ],
    ['a group without fields', [{ uid: 'g', type: 'group' }], ['fields.1.fields required']],
    ['a group with none', [{ uid: 'g', type: 'group', fields: [] }], ['fields.1.fields required']],
    ['blocks without blocks', [{ uid: 'b', type: 'blocks' }], ['fields.1.blocks required']],
    [
      'a block twice',
      [
        {
          uid: 'b',
          type: 'blocks',
          blocks: [
            { uid: 'h', fields: [title] },
            { uid: 'h', fields: [title] },
          ],
        },
      ],
      ['fields.1.blocks.1.uid not_unique'],
    ],
    ['a text with parts', [{ uid: 'a', type: 'text', fields: [title] }], ['fields.1.fields invalid']],
    [
      'a reference to nothing',
      [{ uid: 'r', type: 'reference', reference_to: [] }],
      ['fields.1.reference_to invalid'],
    ],
    ['a reference to anything', [{ uid: 'r', type: 'reference' }], []],
    ['what is no field', [7], ['fields.1 invalid']],
    ['annotations of any kind', [{ uid: 'a', type: 'text', annotations: { x: [1] } }], []],
    [
      'annotations that are none',
      [{ uid: 'a', type: 'text', annotations: [] }],
      ['fields.1.annotations invalid'],
    ],
  ]
  for (const [what, fields, expected] of cases) {
    test(`${expected.length > 0 ? 'refuses' : 'takes'} ${what}`, (t: TestContext) => {
      t.assert.deepEqual(faultsOf(...fields), expected)
    })
  }

  test('nests as deep as it may, and no deeper', (t: TestContext) => {
    const nested = (depth: number): unknown =>
      depth === 0 ? { uid: 'a', type: 'text' } : { uid: 'g', type: 'group', fields: [nested(depth - 1)] }
    t.assert.deepEqual(faultsOf(nested(fieldLimits.nesting)), [])
    const deeper = faultsOf(nested(fieldLimits.nesting + 1))
    t.assert.deepEqual(deeper, [`fields.1${'.fields.0'.repeat(fieldLimits.nesting)} invalid`])
    t.assert.equal(faultsOf(nested(5000)).length, 1)
  })

  test('has as many fields as it may, and no more', (t: TestContext) => {
    const many = (count: number) => Array.from({ length: count }, (_, n) => ({ uid: `f${n}`, type: 'text' }))
    t.assert.deepEqual(faultsOf(...many(fieldLimits.fields - 1)), [])
    t.assert.ok(faultsOf(...many(fieldLimits.fields)).includes('fields too_many'))
  })
})
