import { test, type TestContext } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { makeSigningSecret, signatureHeaders, verifySignature } from '#ground/signatures.ts'

const at = new Date()
const message = { id: 'evt_1', at, body: '{"type":"deployment.finished"}' }

test('what is signed is what the library of Standard Webhooks verifies', (t: TestContext) => {
  const secret = makeSigningSecret()
  t.assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
  const headers = signatureHeaders(message, [secret])
  t.assert.deepEqual(new Webhook(secret).verify(message.body, headers), { type: 'deployment.finished' })
  t.assert.throws(() => new Webhook(makeSigningSecret()).verify(message.body, headers))
})

test('while a secret is replaced both sign, and a receiver with either verifies', (t: TestContext) => {
  const [old, fresh] = [makeSigningSecret(), makeSigningSecret()]
  const headers = signatureHeaders(message, [fresh, old])
  t.assert.equal(headers['webhook-signature'].split(' ').length, 2)
  for (const secret of [old, fresh]) new Webhook(secret).verify(message.body, headers)
})

test('a signature holds for its id, its body and five minutes', (t: TestContext) => {
  const secret = makeSigningSecret()
  const headers = signatureHeaders(message, [secret])
  const later = (seconds: number) => new Date(at.getTime() + seconds * 1000)
  const verify = (more: object, body = message.body, now = at) =>
    verifySignature({ ...headers, ...more }, body, [makeSigningSecret(), secret], now)
  t.assert.ok(verify({}))
  t.assert.ok(verify({ 'webhook-signature': `v1,AAAA v2,x ${headers['webhook-signature']}` }))
  t.assert.ok(verify({}, message.body, later(290)))
  t.assert.ok(!verify({}, message.body, later(302)))
  t.assert.ok(!verify({}, message.body, later(-302)))
  t.assert.ok(!verify({}, `${message.body} `))
  t.assert.ok(!verify({ 'webhook-id': 'evt_2' }))
  t.assert.ok(!verify({ 'webhook-timestamp': 'soon' }))
  t.assert.ok(!verify({ 'webhook-signature': undefined }))
  t.assert.ok(!verify({ 'webhook-signature': 'v1,' }))
})
