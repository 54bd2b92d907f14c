import { randomBytes } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { openVault, SealError } from '#ground/encryption.ts'

const [first, second] = [randomBytes(32), randomBytes(32)]

test('what is sealed opens again, and never looks the same twice', (t: TestContext) => {
  const vault = openVault([first])
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const sealed = vault.seal(text, 'a')
      t.assert.strictEqual(vault.open(sealed, 'a'), text)
      t.assert.notStrictEqual(vault.seal(text, 'a'), sealed)
      t.assert.ok(text.length < 4 || !sealed.includes(text))
    }),
  )
})

test('what was sealed for one thing does not open for another', (t: TestContext) => {
  const vault = openVault([first])
  t.assert.throws(() => vault.open(vault.seal('secret', 'webhook 1'), 'webhook 2'), SealError)
})

test('the newest key seals, all open, and what is old says so', (t: TestContext) => {
  const old = openVault([first]).seal('secret', 'a')
  const rotated = openVault([second, first])
  t.assert.strictEqual(rotated.open(old, 'a'), 'secret')
  t.assert.ok(rotated.isOld(old))
  const anew = rotated.seal('secret', 'a')
  t.assert.ok(!rotated.isOld(anew))
  t.assert.strictEqual(openVault([second]).open(anew, 'a'), 'secret')
  t.assert.throws(() => openVault([second]).open(old, 'a'), /is not in HEADGATE_SECRET_KEY/)
})

test('a sealed text that was changed anywhere opens nothing', (t: TestContext) => {
  const vault = openVault([first])
  const sealed = vault.seal('secret', 'a')
  for (let at = 0; at < sealed.length; at += 1) {
    const other = sealed[at] === 'A' ? 'B' : 'A'
    const changed = sealed.slice(0, at) + other + sealed.slice(at + 1)
    // The last digit of base64 may hold bits that say nothing.
    if (at === sealed.length - 1) continue
    t.assert.throws(() => vault.open(changed, 'a'), SealError)
  }
  for (const broken of ['', 'v1', 'v1.x', sealed.slice(0, 30), 'plain text'])
    t.assert.throws(() => vault.open(broken, 'a'), SealError)
})

test('bytes are sealed as texts are: by the newest key, for one thing, so that no change goes unnoticed', (t: TestContext) => {
  const [old, rotated] = [openVault([first]), openVault([second, first])]
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const sealed = old.sealBytes(bytes, 'a')
      t.assert.deepStrictEqual(new Uint8Array(rotated.openBytes(sealed, 'a')), bytes)
      t.assert.notDeepStrictEqual(old.sealBytes(bytes, 'a'), sealed)
      t.assert.throws(() => old.openBytes(sealed, 'b'), SealError)
    }),
  )
  const sealed = rotated.sealBytes(Buffer.from('secret'), 'a')
  t.assert.throws(() => old.openBytes(sealed, 'a'), /is not in HEADGATE_SECRET_KEY/)
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed)
    changed[at]! ^= 1
    t.assert.throws(() => rotated.openBytes(changed, 'a'), SealError)
    t.assert.throws(() => rotated.openBytes(sealed.subarray(0, at), 'a'), SealError)
  }
})

test('a fingerprint is the same for the same text, and another house makes another', (t: TestContext) => {
  const [one, other] = [openVault([first]), openVault([second, first])]
  t.assert.match(one.fingerprint('secret'), /^[0-9a-f]{64}$/)
  t.assert.strictEqual(one.fingerprint('secret'), openVault([first, second]).fingerprint('secret'))
  t.assert.notStrictEqual(one.fingerprint('secret'), one.fingerprint('secrets'))
  t.assert.notStrictEqual(one.fingerprint('secret'), other.fingerprint('secret'))
})

test('a vault without a key is none', (t: TestContext) => {
  t.assert.throws(() => openVault([]))
})
