import { test, type TestContext } from 'node:test'
import { excerptOf } from '#app/webhooks/excerpt-of.ts'

test('of what a receiver answers, its first kilobyte is kept, without what looks like a credential', (t: TestContext) => {
  const said = [
    ['{"access_token": "abc def", "user": "me"}', '{"access_token": [redacted], "user": "me"}'],
    ['Authorization: Bearer abc.def; my-api-key=x', 'Authorization: [redacted]; my-api-key=[redacted]'],
    ['we have whsec_abcd here', 'we have [redacted] here'],
    ['tokens are fine, a:b too', 'tokens are fine, a:b too'],
    ['\u0000a\u001bb', ' a b'],
    [`${'a'.repeat(1023)}😀`, `${'a'.repeat(1023)}�`],
  ] as const
  for (const [body, kept] of said) t.assert.strictEqual(excerptOf(body), kept)
})

test('an answer that is made to be slow to read is read once', (t: TestContext) => {
  // It took eight seconds, in which nobody else was served, while every letter was a beginning.
  for (const word of ['token', 'token  ', 'a="', '-'])
    t.assert.strictEqual(excerptOf(word.repeat(200_000))?.length, 1024)
})
