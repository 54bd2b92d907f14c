import { test, type TestContext } from 'node:test'
import { hashPassword, makeSecret, sameSecret, sha256, verifyPassword } from '#ground/secrets.ts'

test('secrets are long, different and need no quoting', (t: TestContext) => {
  const made = Array.from({ length: 100 }, () => makeSecret())
  t.assert.strictEqual(new Set(made).size, 100)
  for (const secret of made) t.assert.match(secret, /^[A-Za-z0-9_-]{43}$/)
  t.assert.strictEqual(makeSecret(10).length, 14)
})

test('sha256 is SHA-256', (t: TestContext) => {
  t.assert.strictEqual(
    sha256('abc').toString('hex'),
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
})

test('secrets of any length are compared', (t: TestContext) => {
  t.assert.ok(sameSecret('one', 'one'))
  t.assert.ok(sameSecret('one', Buffer.from('one')))
  t.assert.ok(!sameSecret('one', 'other'))
  t.assert.ok(!sameSecret('', 'one'))
})

test('a password is verified against its argon2id hash, and against none never', async (t: TestContext) => {
  const [one, two] = await Promise.all([hashPassword('pässword'), hashPassword('pässword')])
  t.assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  t.assert.notStrictEqual(one, two)
  t.assert.ok(await verifyPassword(one, 'pässword'))
  t.assert.ok(!(await verifyPassword(one, 'password')))
  t.assert.ok(!(await verifyPassword(null, 'pässword')))
})
