import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { DomainError } from '#domain/errors.ts'
import { readJson } from '#http/read-json.ts'

const refusal = (bytes: Uint8Array | string): string => {
  try {
    readJson(Buffer.from(bytes as string))
    return 'taken'
  } catch (error) {
    if (error instanceof DomainError && error.code === 'malformed')
      return (error as DomainError<'malformed'>).details.detail
    throw error
  }
}

const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`

test('what JSON can say is read as JSON.parse does', (t: TestContext) => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false, maxDepth: 8 }), (value) => {
      const text = JSON.stringify(value)
      const odd = /\\u0000|\\ud[89a-f]|__proto__/i.test(text) || text.includes('\0')
      if (!odd) t.assert.deepEqual(readJson(Buffer.from(text)), JSON.parse(text))
    }),
  )
})

test('whatever bytes come, they are read or refused', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void refusal(bytes)))
})

test('what cannot be understood or kept is refused, with what and where', (t: TestContext) => {
  const refused: [string | Uint8Array, RegExp][] = [
    ['', /empty/],
    ['{"a":', /not JSON/],
    ['{\n"a": nope}', /not JSON: it goes wrong at line 2, column 7/],
    ['{"a":1}x', /not JSON/],
    ["{'a':1}", /not JSON/],
    [Uint8Array.from([0x22, 0xff, 0x22]), /not UTF-8/],
    [Uint8Array.from([0x22, 0xed, 0xa0, 0x80, 0x22]), /not UTF-8/],
    [Uint8Array.from([0x22, 0xc0, 0xaf, 0x22]), /not UTF-8/],
    ['{"a":{"b":["x\\u0000y"]}}', /NUL character at a\.b\.0/],
    ['{"a\\u0000":1}', /NUL character/],
    ['{"a":["\\ud800"]}', /half a surrogate pair at a\.0/],
    ['{"\\udfff":1}', /half a surrogate pair/],
    ['{"a":[1,1e999]}', /number at a\.1 is too large/],
    ['-1e999', /too large/],
    ['{"a":{"__proto__":{"admin":true}}}', /__proto__ at a/],
    [nested(65), /nested more than 64/],
    [nested(100_000), /nested more than 64/],
    [`${'{"a":'.repeat(70)}1${'}'.repeat(70)}`, /nested more than 64/],
  ]
  for (const [bytes, pattern] of refused) t.assert.match(refusal(bytes), pattern)
  t.assert.equal(refusal(nested(64)), 'taken')
  t.assert.equal(refusal('"\\ud83d\\ude00"'), 'taken')
  t.assert.equal(refusal(Buffer.from('\ufeff{}')), 'taken')
})

test('a refusal quotes nothing of the body: it may hold a secret', (t: TestContext) => {
  t.assert.ok(!refusal('{"password":"hunter2hunter2" oops}').includes('hunter2'))
})
