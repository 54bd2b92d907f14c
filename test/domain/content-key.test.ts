import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { contentKey, contentVersion, readContentKey, readContentVersion } from '#domain/content-key.ts'
import { holds } from './holds.ts'

const of = (alphabet: string, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet.split('')), minLength: 1, maxLength })
const digits = '0123456789'
const small = 'abcdefghijklmnopqrstuvwxyz'
const letters = `${small}${small.toUpperCase()}${digits}`
const plain = { noNullPrototype: true }
const key = fc.record(
  { branch: of(`${small}${digits}_.-`, 64), uid: of(`${letters}_.-`, 128), locale: of(`${letters}-`, 32) },
  plain,
)
const locale = fc.constantFrom('en-us', 'fr-fr', 'de')
const version = fc.record({ version: fc.integer({ min: 1, max: 999_999_999 }), source_locale: locale }, plain)

test('a key and its parts are the same thing', (t: TestContext) => {
  holds(
    fc.property(key, (parts) => {
      t.assert.deepStrictEqual(readContentKey(contentKey(parts)), parts)
    }),
  )
  t.assert.strictEqual(contentKey({ branch: 'main', uid: 'blt1', locale: 'en-us' }), 'main/blt1/en-us')
})

test('different parts make different keys', () => {
  holds(
    fc.property(
      key,
      key,
      (a, b) => (contentKey(a) === contentKey(b)) === (JSON.stringify(a) === JSON.stringify(b)),
    ),
  )
})

test('what is no key is none', (t: TestContext) => {
  const wrong = [
    '',
    'main',
    'main/a',
    'main/a/',
    '/a/en',
    'main//en',
    'main/a/en/fr',
    'Main/a/en',
    'main/a b/en',
  ]
  for (const text of [...wrong, 'main/a/en_us', 'main/a/en\n', 'main/é/en', `main/${'a'.repeat(129)}/en`])
    t.assert.strictEqual(readContentKey(text), undefined, JSON.stringify(text))
})

test('a version and its text are the same thing', (t: TestContext) => {
  holds(
    fc.property(version, locale, (pinned, at) => {
      t.assert.deepStrictEqual(readContentVersion(contentVersion(pinned, at), at), pinned)
    }),
  )
})

test("the locale is named only where the version is another's", (t: TestContext) => {
  t.assert.strictEqual(contentVersion({ version: 3, source_locale: 'en-us' }, 'en-us'), '3')
  t.assert.strictEqual(contentVersion({ version: 3, source_locale: 'en-us' }, 'fr-fr'), '3@en-us')
})

test('what is no version is none', (t: TestContext) => {
  for (const text of [
    '',
    '0',
    '01',
    '-1',
    '1.0',
    '1e3',
    '1@',
    '@en',
    '1@en@fr',
    '1@en_us',
    ' 1',
    '1\n',
    '1234567890',
  ])
    t.assert.strictEqual(readContentVersion(text, 'en-us'), undefined, JSON.stringify(text))
})
