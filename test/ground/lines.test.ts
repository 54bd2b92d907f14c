import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { clean, openLineReader } from '#ground/lines.ts'
import { redactor } from '#ground/redact.ts'

test('however bytes are cut up, the lines are the same', (t: TestContext) => {
  const lines = fc.array(
    fc.string({ unit: 'grapheme', maxLength: 40 }).map((line) => clean(line.replaceAll('\n', ' '))),
  )
  fc.assert(
    fc.property(lines, fc.array(fc.nat(50)), (said, cuts) => {
      const bytes = Buffer.from(said.map((line) => `${line}\n`).join(''))
      const reader = openLineReader()
      const got: string[] = []
      let from = 0
      for (const cut of cuts) {
        got.push(...reader.read(bytes.subarray(from, from + cut)))
        from = Math.min(from + cut, bytes.length)
      }
      got.push(...reader.read(bytes.subarray(from)), ...reader.rest())
      t.assert.deepStrictEqual(got, said)
    }),
  )
})

test('of a line without end the beginning is kept, and how much was left out is said', (t: TestContext) => {
  const reader = openLineReader(10)
  t.assert.deepStrictEqual(reader.read(Buffer.from('0123456789')), [])
  t.assert.deepStrictEqual(reader.read(Buffer.from('abc')), [])
  t.assert.deepStrictEqual(reader.read(Buffer.from('d\nnext')), ['0123456789 … (4 more bytes in this line)'])
  t.assert.deepStrictEqual(reader.rest(), ['next'])
  t.assert.deepStrictEqual(reader.rest(), [])
})

test('whatever bytes there are, a line can be kept and shown', (t: TestContext) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const reader = openLineReader()
      for (const line of [...reader.read(bytes), ...reader.rest()]) {
        t.assert.ok(line.isWellFormed())
        t.assert.doesNotMatch(line, /[\0-\x08\x0B-\x1F\x7F]/)
      }
    }),
  )
})

test('a progress bar shows where it came to, and colours are left out', (t: TestContext) => {
  t.assert.strictEqual(clean('10%\r50%\r100%\r'), '100%')
  t.assert.strictEqual(clean('\x1b[1;31mred\x1b[0m and \x1b]0;title\x07plain'), 'red and plain')
})

test('secrets are blackened, the longest first, each line of those that have several', (t: TestContext) => {
  const redact = redactor([
    'token',
    'token-and-more',
    'abc',
    '',
    '-----BEGIN-----\nMIIE$.*x\n-----END-----',
    'eu',
  ])
  t.assert.strictEqual(redact('a token-and-more, a token, abc, eu'), 'a •••, a •••, abc, eu')
  t.assert.strictEqual(redact('MIIE$.*x'), '•••')
  t.assert.strictEqual(redactor([])('token'), 'token')
})

test('secrets are blackened as JSON, addresses and base64 have them, and many and long ones at once', (t: TestContext) => {
  const secret = 'a"b<c>\\d&e/f g'
  const redact = redactor([secret])
  const html = JSON.stringify(secret).replaceAll(
    /[<>&]/g,
    (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`,
  )
  for (const form of [JSON.stringify(secret), html, encodeURIComponent(secret), btoa(secret)])
    t.assert.match(redact(`it is ${form}.`), /^it is "?•••[="]*\.$/)
  t.assert.equal(redactor(['\ud800abc'])('x \ud800abc y'), 'x ••• y')
  const many = Array.from({ length: 5000 }, (_, at) => `${at} ${'long '.repeat(400)}${at}`)
  t.assert.equal(
    redactor(many)(`<${many[4999]}> <${many[10]!.slice(0, -1)}>`),
    `<•••> <${many[10]!.slice(0, -1)}>`,
  )
})
