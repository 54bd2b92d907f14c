import { test, type TestContext } from 'node:test'
import type { FieldInput, Json } from '#catalogue/content/field.ts'
import { matchesFormat, newPatience } from '#catalogue/content/matches-format.ts'
import { checkEntry, readEntry } from '#catalogue/content/read-entry.ts'
import { readFields } from '#catalogue/content/read-fields.ts'

const title: FieldInput = { uid: 'title', type: 'text' }

function typeWith(field: FieldInput) {
  const { fields, faults } = readFields([title, field])
  return { fields, faults: faults.map((one) => `${one.field} ${one.fault}`) }
}

/** What is wrong with the value in a field of the type: the places, in order. */
function faultsOf(field: Partial<FieldInput>, value: Json, in_progress = false): string[] {
  const { fields, faults } = typeWith({ uid: 'f', type: 'text', ...field } as FieldInput)
  if (faults.length > 0) throw new Error(faults.join())
  return readEntry({ fields, input: { title: 'T', f: value }, in_progress }).faults.map((one) => one.field)
}

test('a value keeps the rules of its field', (t: TestContext) => {
  const cases: [Partial<FieldInput>, fine: Json[], wrong: Json[]][] = [
    [{ rules: { pattern: '^[a-z]+$' } }, ['abc', '', ' '], ['ABC', 'a1']],
    [{ rules: { pattern: '^(?=.*\\d).+$' } }, ['a1'], ['a']],
    [{ rules: { choices: ['a', 'b'] } }, ['a', ''], ['c', 'A']],
    [{ type: 'number', rules: { choices: [1, 2] } }, [1], [3, 1.5]],
    [{ type: 'number', rules: { minimum: 0, maximum: 5 } }, [0, 5, null], [-1, 6]],
    [
      { type: 'isodate', rules: { minimum: '2026-01-01', maximum: '2026-12-31T23:00:00+01:00' } },
      ['2026-01-01', '2026-06-01T10:00:00Z'],
      ['2025-12-31T23:59:59Z', '2027-01-01', '2026-12-31T22:30:00Z'],
    ],
    [
      { multiple: true, rules: { min_items: 2, max_items: 3 } },
      [[], ['a', 'b']],
      [['a'], ['a', 'b', 'c', 'd']],
    ],
    [
      { type: 'reference', multiple: true, reference_to: ['page'], rules: { max_items: 1 } },
      [['blt1']],
      [['blt1', 'blt2']],
    ],
  ]
  for (const [field, fine, wrong] of cases) {
    for (const value of fine) t.assert.deepEqual(faultsOf(field, value), [], JSON.stringify([field, value]))
    for (const value of wrong)
      t.assert.deepEqual(faultsOf(field, value), ['entry.f'], JSON.stringify([field, value]))
  }
  t.assert.deepEqual(
    faultsOf({ multiple: true, rules: { choices: ['a'] } }, ['a', 'b']),
    ['entry.f.1'],
    'each of a list',
  )
})

test('work in progress may have too few, and nothing else that is wrong', (t: TestContext) => {
  const list = { multiple: true, rules: { min_items: 2, max_items: 3, choices: ['a'] } }
  t.assert.deepEqual(faultsOf(list, ['a'], true), [])
  t.assert.deepEqual(faultsOf(list, ['b', 'a'], true), ['entry.f.0'])
  t.assert.deepEqual(faultsOf(list, ['a', 'a', 'a', 'a'], true), ['entry.f'])
})

test('what was written before a rule is not called wrong for it until it is written again', (t: TestContext) => {
  const { fields } = typeWith({ uid: 'f', type: 'text', rules: { pattern: '^a$' } })
  const data = { title: 'T', f: 'b' }
  t.assert.deepEqual(checkEntry(fields, data), [])
  t.assert.equal(readEntry({ fields, input: { title: 'U' }, base: data }).faults.length, 1)
})

test('a pattern that would take for ever is given up and told of', (t: TestContext) => {
  const patience = newPatience()
  t.assert.equal(matchesFormat('^a$', 'a', patience), true)
  t.assert.ok(patience.left_ms < newPatience().left_ms, 'what each takes is taken off')
  t.assert.equal(matchesFormat('^a$', 'a', { left_ms: 0 }), undefined, 'many that are slow are given up, too')
  const field = { rules: { pattern: '^(a+)+$' } }
  t.assert.deepEqual(faultsOf(field, 'a'.repeat(30)), [])
  const slow = `${'a'.repeat(60)}b`
  t.assert.deepEqual(faultsOf(field, slow), ['entry.f'])
  // Only the first is tried: a thousand such values would stop the house for a minute.
  const many = faultsOf({ ...field, multiple: true }, Array<string>(1000).fill(slow))
  t.assert.equal(many.length, 1000)
})

test('rules that say nothing are refused', (t: TestContext) => {
  const wrong: [Partial<FieldInput>, string][] = [
    [{ rules: { pattern: '(' } }, 'fields.1.pattern invalid'],
    [{ rules: { pattern: 'x'.repeat(1001) } }, 'fields.1.pattern invalid'],
    [{ rules: { pattern: `${'('.repeat(11)}a${')*'.repeat(11)}` } }, 'fields.1.pattern invalid'],
    [{ rules: { choices: [{}] as never } }, 'fields.1.choices invalid'],
    [{ type: 'boolean', rules: { choices: ['a'] } }, 'fields.1.choices invalid'],
    [{ type: 'number', rules: { minimum: 'a' } }, 'fields.1.minimum invalid'],
    [{ type: 'isodate', rules: { maximum: 'a' } }, 'fields.1.maximum invalid'],
    [{ rules: { max_items: 1 } }, 'fields.1.max_items invalid'],
    [{ multiple: true, rules: { min_items: -1 } }, 'fields.1.min_items invalid'],
    [{ rules: { colour: 1 } as never }, 'fields.1.colour invalid'],
    [{ rules: [] as never }, 'fields.1.rules invalid'],
  ]
  for (const [field, fault] of wrong)
    t.assert.deepEqual(typeWith({ uid: 'f', type: 'text', ...field }).faults, [fault], fault)
})

test('a block whose fields are not known here holds any object', (t: TestContext) => {
  const { fields, faults } = typeWith({ uid: 'f', type: 'blocks', blocks: [{ uid: 'seo', open: true }] })
  t.assert.deepEqual(faults, [])
  const f = [{ seo: { words: ['a'], more: { b: 1 } } }]
  const read = readEntry({ fields, input: { title: 'T', f } })
  t.assert.deepEqual([read.faults, read.data.f], [[], f])
})
