import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { dimensionOf, mostImageBytes } from '#catalogue/content/image-dimension.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAIAAAA2iEnWAAAAE0lEQVR4nGP8z8DAwMDAxMDAAAAJCwECNhDJ5gAAAABJRU5ErkJggg==',
  'base64',
)
const gif = Buffer.from('GIF89a\x05\x00\x04\x00\x80\x00\x00', 'latin1')
const svg = Buffer.from('<?xml version="1.0"?><svg xmlns="x" width="30" height="20"></svg>')
const jpeg = Buffer.concat([
  Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10]),
  Buffer.from('JFIF\0\x01\x01\x00\x00\x01\x00\x01\x00\x00', 'latin1'),
  Buffer.from([0xff, 0xc0, 0x00, 0x11, 0x08, 0x00, 0x07, 0x00, 0x09, 0x03, 0x01, 0x11, 0x00]),
])

test('the size of a picture is told from its first bytes', (t: TestContext) => {
  t.assert.deepEqual(dimensionOf(png), { width: 2, height: 3 })
  t.assert.deepEqual(dimensionOf(gif), { width: 5, height: 4 })
  t.assert.deepEqual(dimensionOf(svg), { width: 30, height: 20 })
  t.assert.deepEqual(dimensionOf(jpeg), { width: 9, height: 7 })
})

test('what tells no size has none', (t: TestContext) => {
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('hello'),
    png.subarray(0, 20),
    Buffer.from('<svg>'),
    Buffer.alloc(300),
  ])
    t.assert.equal(dimensionOf(bytes), undefined)
})

test('bytes that are made to be slow, or to break what reads them, do neither', (t: TestContext) => {
  const fill = (text: string) => Buffer.from(text.repeat(Math.ceil(mostImageBytes / text.length)), 'latin1')
  const box = (name: string, size: number) => {
    const head = Buffer.alloc(8)
    head.writeUInt32BE(size, 0)
    head.write(name, 4, 'latin1')
    return head
  }
  const hostile = [
    fill('<svg '),
    Buffer.concat([Buffer.from('<svg x="'), fill(' viewBox="')]),
    Buffer.concat([Buffer.from('B'), fill('<svg width="')]),
    Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe1]), fill('\x00\x02Exif')]),
    Buffer.concat([Buffer.from([0xff, 0xd8]), fill('\xff\x00')]),
    Buffer.concat([
      box('ftyp', 16),
      Buffer.from('heic\0\0\0\0'),
      box('meta', 0xffff),
      fill('\0\0\0\x14ispe'),
    ]),
    Buffer.concat([
      box('JXL ', 12),
      Buffer.alloc(4),
      box('ftyp', 16),
      Buffer.from('jxl \0\0\0\0'),
      fill('\0\0\0\x0cjxlp\0\0\0\0'),
    ]),
    fill('\0\0\0\0'),
    fill('II*\0\x08\0\0\0'),
    fill('RIFF....WEBPVP8X'),
  ]
  // What hangs fails by the time that a test may take.
  for (const bytes of hostile) t.assert.doesNotThrow(() => dimensionOf(bytes))
  const beginnings = fc.constantFrom(png, gif, svg, jpeg, Buffer.from('ftypavif'), Buffer.alloc(0))
  fc.assert(
    fc.property(beginnings, fc.uint8Array({ maxLength: 200 }), fc.nat(40), (beginning, more, cut) => {
      const size = dimensionOf(Buffer.concat([beginning.subarray(0, cut), more]))
      t.assert.ok(size === undefined || (size.width > 0 && size.height > 0))
    }),
    { numRuns: 500 },
  )
})
