import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { allEndpoints } from '#surfaces/contentstack/endpoints/all.ts'
import type { Endpoint } from '#surfaces/contentstack/endpoints/endpoint.ts'
import { openStack, upload } from './open-stack.ts'

const runs = 12

/** What would end the session or the stack under test. */
const final = ['DELETE /user-session', 'DELETE /stacks', 'DELETE /content_types/:content_type']

const built: Endpoint[] = Object.values(allEndpoints)
  .flatMap((table): Endpoint[] => Object.values(table))
  .filter(({ state, method, path }) => state !== 'absent' && !final.includes(`${method} ${path}`))

/** Names that mean something here, so that what is random gets past the first check. */
const word = fc.constantFrom(
  ...[
    'release',
    'entry',
    'asset',
    'content_type',
    'environment',
    'locale',
    'token',
    'stack',
    'items',
    'item',
  ],
  ...[
    'uid',
    'name',
    'title',
    'schema',
    'environments',
    'locales',
    'version',
    'scope',
    'scheduled_at',
    'code',
  ],
  ...['entries', 'assets', 'reference', 'action', 'content_type_uid'],
  ...['type', 'publish_details.status', 'created_at', '$in', '$and', '$gt', '$exists'],
  ...['$all', 'page', 'production', 'en-us', 'fr-fr', '__proto__', 'constructor', 'toString', ''],
)
const scalar = fc.oneof(
  word,
  fc.string({ unit: 'grapheme' }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(null, true, false, 2 ** 53, 1e300, -1, 'x'.repeat(300), '2018-12-12T13:13:13:122Z'),
)
const json = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, scalar, tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.dictionary(word, tie('value'), { maxKeys: 5 }),
})).value
const query = fc.dictionary(
  fc.constantFrom(
    ...[
      'limit',
      'skip',
      'query',
      'asc',
      'desc',
      'locale',
      'version',
      'environment',
      'include[]',
      'only[BASE][]',
    ],
    ...['bulkJobId', 'include_job_details', 'status', 'type', 'ct[]', 'users', 'from', 'to', 'nested'],
    ...['count', 'include_count', 'folder', 'all', 'include_publish_details', 'include_fallback'],
  ),
  fc.oneof(
    fc.string({ unit: 'grapheme' }),
    word,
    json.map((value) => JSON.stringify(value)),
  ),
  { maxKeys: 4 },
)

test('whatever is sent, no endpoint answers 5xx', async (t: TestContext) => {
  const stack = await openStack(t)
  const { ask, house, authtoken, api_key } = stack
  const { entry } = (await ask('POST', '/content_types/page/entries', { entry: { title: 'One' } })).body
  const { asset } = (await upload(house.url, { authtoken, api_key })).body
  const { release } = (await ask('POST', '/releases', { release: { name: 'R' } })).body
  const scope = [
    { module: 'environment', environments: ['production'] },
    { module: 'branch', branches: ['main'] },
  ]
  const { token } = (await ask('POST', '/stacks/delivery_tokens', { token: { name: 'T', scope } })).body
  const published = { entries: [{ uid: entry.uid, content_type: 'page' }], environments: ['production'] }
  const { job_id: job } = (await ask('POST', '/bulk/publish', published)).body
  const [{ uid: row }] = (await ask('GET', '/publish-queue')).body.queue
  const params: Record<string, string> = {
    ...{ job, row },
    ...{ entry: entry.uid, asset: asset.uid, release: release.uid, token: token.uid, api_key, version: '1' },
    ...{ content_type: 'page', environment: 'production', locale: 'fr-fr', filename: 'hello.txt' },
  }
  // A file is no JSON.
  const send = async (method: string, url: string, sent: unknown, headers?: Record<string, string>) =>
    url.includes('hello.txt') ? fetch(`${house.url}/v3${url}`) : ask(method, url, sent, headers)
  for (const { method, path, needs } of built) {
    const url = path.replaceAll(/:(\w+)/g, (_, name: string) => params[name] ?? 'x')
    const headers = needs === 'delivery' ? { authtoken: '', access_token: token.token as string } : undefined
    await fc.assert(
      fc.asyncProperty(query, json, async (asked, body) => {
        const fields = Object.entries(asked).filter(([, value]) => value.isWellFormed())
        const search = new URLSearchParams(fields).toString()
        const sent = method === 'GET' ? undefined : body
        const answer = await send(method, `${url}?${search}`, sent, headers)
        t.assert.ok(answer.status < 500, `${method} ${url}?${search} ${JSON.stringify(sent)}`)
      }),
      { numRuns: runs, seed: 20261121 },
    )
  }
})
