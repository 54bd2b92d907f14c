import { test, type TestContext } from 'node:test'
import { DomainError, invalidField, isDomainError } from '#domain/errors.ts'

test('an error carries its code and its details, and says both', (t: TestContext) => {
  const error = new DomainError('not_found', { what: 'release', id: 'r1' })
  t.assert.ok(error instanceof Error)
  t.assert.strictEqual(error.name, 'DomainError')
  t.assert.strictEqual(error.code, 'not_found')
  t.assert.deepStrictEqual(error.details, { what: 'release', id: 'r1' })
  t.assert.strictEqual(error.message, 'not_found {"what":"release","id":"r1"}')
})

test('an error is known by its code, and only errors of ours are', (t: TestContext) => {
  const error: unknown = new DomainError('version_conflict', { what: 'release', id: 'r1', version: 3 })
  t.assert.ok(isDomainError(error, 'version_conflict') && error.details.version === 3)
  t.assert.strictEqual(isDomainError(error, 'not_found'), false)
  const lookalike = Object.assign(new Error('no'), { code: 'not_found', details: {} })
  for (const other of [lookalike, { code: 'not_found' }, null, undefined, 'not_found'])
    t.assert.strictEqual(isDomainError(other, 'not_found'), false)
})

test('one wrong field is an invalid input with one fault', (t: TestContext) => {
  const error = invalidField('items.3.uid', 'unknown', 'There is no such entry.')
  t.assert.strictEqual(error.code, 'invalid')
  t.assert.deepStrictEqual(error.details.faults, [
    { field: 'items.3.uid', fault: 'unknown', detail: 'There is no such entry.' },
  ])
})
