import fc from 'fast-check'
import { test, type TestContext } from 'node:test'
import { sharedStateHouse } from './state-house.ts'

const shared = sharedStateHouse()

const nasty = fc.constantFrom(
  ...['', '\0', '{', 'null', '[]', '"x"', '{"ID":"\\u0000"}', '{"ID":{"a":1}}', '{"__proto__":{"ID":"x"}}'],
  ...['{"ID":"\\ud800"}', '{"version":4,"serial":9007199254740993,"lineage":"x"}', '['.repeat(50_000)],
  ...['{"version":4,"serial":"1","lineage":1}', '{"version":4,"serial":1e308,"lineage":"x"}', '\u00ff\u00fe'],
  '{"version":4,"serial":1,"lineage":"__proto__"}',
)
const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'LOCK', 'UNLOCK', 'PATCH', 'OPTIONS')
const at = fc.constantFrom(
  ...[
    '',
    '/lock',
    '/unlock',
    '?ID=x',
    '?ID=x&ID=y',
    '?ID=%00',
    '?ID=%ff',
    '?ID[a]=1',
    '/',
    '/../..',
    '/%2e%2e',
  ],
)
const type = fc.constantFrom(
  'application/json',
  'text/plain',
  'application/x-tar',
  'multipart/form-data',
  'x',
)

test('whatever is sent, the answer is no 5xx', async (t: TestContext) => {
  const { stateOf } = shared()
  const place = await stateOf()
  await fc.assert(
    fc.asyncProperty(
      method,
      at,
      fc.oneof(nasty, fc.string({ maxLength: 200 })),
      type,
      async (verb, where, body, content_type) => {
        const answer = await place.ask(verb, {
          at: where,
          headers: { 'content-type': content_type },
          ...(verb === 'GET' ? {} : { body }),
        })
        await answer.arrayBuffer()
        t.assert.ok(answer.status < 500, `${verb} ${where} ${content_type}: ${answer.status}`)
      },
    ),
    { numRuns: 150 },
  )
})
