import { test, type TestContext } from 'node:test'
import { openHouse, type TestHouse } from '../open-house.ts'
import { shared } from '../share-house.ts'
import { sendRaw } from './small-hall.ts'

/** Every road on which bytes get in: both voices, each with what its routes need to be reached. */
async function roads(house: TestHouse) {
  const { client } = house
  await client.createProject({ key: 'site', kind: 'content', content: { api_key: 'blt0123456789abcdef' } })
  await client.createEnvironment('site', { name: 'production' })
  const release = await client.createRelease('site', { name: 'One' })
  const session = await house.ask('/v3/user-session', { json: { user: house.credentials } })
  const { user } = (await session.json()) as { user: { authtoken: string } }
  const stack = { authtoken: user.authtoken, api_key: 'blt0123456789abcdef' }
  const bearer = { authorization: `Bearer ${house.credentials.token}` }
  return [
    { voice: 'native', method: 'POST', path: '/headgate/v1/session', headers: bearer },
    { voice: 'native', method: 'POST', path: '/headgate/v1/projects', headers: bearer },
    { voice: 'native', method: 'POST', path: '/headgate/v1/projects/site/releases', headers: bearer },
    { voice: 'native', method: 'PATCH', path: `/headgate/v1/releases/${release.id}`, headers: bearer },
    { voice: 'native', method: 'POST', path: `/headgate/v1/releases/${release.id}/items`, headers: bearer },
    { voice: 'native', method: 'DELETE', path: `/headgate/v1/releases/${release.id}/items`, headers: bearer },
    {
      voice: 'native',
      method: 'POST',
      path: '/headgate/v1/projects/site/environments/production/deployments',
      headers: bearer,
    },
    {
      voice: 'native',
      method: 'POST',
      path: '/headgate/v1/projects/site/environments/production/rollback',
      headers: bearer,
    },
    { voice: 'native', method: 'POST', path: '/headgate/v1/configuration', headers: bearer },
    { voice: 'native', method: 'POST', path: '/headgate/v1/users', headers: bearer },
    { voice: 'native', method: 'POST', path: '/headgate/v1/tokens', headers: bearer },
    { voice: 'contentstack', method: 'POST', path: '/v3/user-session', headers: {} },
    { voice: 'contentstack', method: 'POST', path: '/v3/stacks', headers: stack },
    { voice: 'contentstack', method: 'POST', path: '/v3/content_types', headers: stack },
    { voice: 'contentstack', method: 'POST', path: '/v3/environments', headers: stack },
    { voice: 'contentstack', method: 'POST', path: '/v3/locales', headers: stack },
    { voice: 'contentstack', method: 'POST', path: '/v3/releases', headers: stack },
  ]
}

const shown = shared(async (t) => {
  const house = await openHouse(t)
  return { house, roads: await roads(house) }
})

const checkVoice = async (t: TestContext, voice: string, response: Response, what: string) => {
  const text = await response.text()
  t.assert.ok(
    response.status >= 400 && response.status < 500,
    `${what}: ${response.status} ${text.slice(0, 300)}`,
  )
  const said = JSON.parse(text) as Record<string, unknown>
  if (voice === 'native') {
    t.assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/, what)
    t.assert.deepEqual([typeof said.code, said.status], ['string', response.status], what)
  } else {
    t.assert.deepEqual(
      [typeof said.error_message, typeof said.error_code],
      ['string', 'number'],
      `${what}: ${text.slice(0, 300)}`,
    )
  }
}

const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`

const badBodies: [string, string | Uint8Array][] = [
  ['nothing', ''],
  ['half of it', '{"name":'],
  ['a comma too many', '{"name":"x",}'],
  ['no object', '"x"'],
  ['a list', '[1,2]'],
  ['null', 'null'],
  ['a number', '7'],
  [
    'wrong types',
    '{"name":{"a":1},"key":[],"kind":7,"release":"x","items":"y","stack":1,"environment":[],"locale":2,"content_type":"z","user":3,"yaml":[],"email":{},"keys":{},"deployment":4}',
  ],
  [
    'wrong types inside',
    '{"release":{"name":7},"stack":{"name":[]},"environment":{"name":{}},"locale":{"code":9},"content_type":{"uid":1,"title":[],"schema":"x"},"user":{"email":[],"password":{}},"deployment":{}}',
  ],
  ['a NUL', '{"name":"a\\u0000b"}'],
  ['half a surrogate', '{"name":"\\ud83d"}'],
  ['broken UTF-8', Buffer.from('{"name":"\xff\xfe"}', 'latin1')],
  ['deep nesting', deep(5000)],
  ['a number without end', '{"n":1e999}'],
  ['a prototype', '{"__proto__":{"a":1}}'],
]

test('bad bodies are refused in the right voice, everywhere', async (t: TestContext) => {
  const { house, roads } = shown()
  for (const { voice, method, path, headers } of roads) {
    for (const [what, body] of badBodies) {
      const all = { ...headers, 'content-type': 'application/json' }
      const response = await fetch(`${house.url}${path}`, { method, headers: all, body: body as string })
      await checkVoice(t, voice, response, `${what} to ${method} ${path}`)
    }
    const odd = await fetch(`${house.url}${path}`, {
      method,
      headers: { ...headers, 'content-type': 'text/html' },
      body: '<p>',
    })
    await checkVoice(t, voice, odd, `HTML to ${path}`)
  }
})

test('a body that is too large is refused in the right voice', async (t: TestContext) => {
  const { house, roads } = shown()
  for (const { voice, method, path, headers } of roads) {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    const head = `${method} ${path} HTTP/1.1\r\nHost: x\r\n${lines.join('')}Content-Type: application/json\r\n`
    const answer = await sendRaw(house.url, `${head}Content-Length: 10485761\r\n\r\n{`)
    t.assert.match(answer, /^HTTP\/1.1 413 /, path)
    t.assert.match(answer, voice === 'native' ? /"code":"too_large"/ : /"error_message"/, path)
  }
})

test('SQL, HTML and control characters are text like any other', async (t: TestContext) => {
  const { client } = shown().house
  await client.createProject({ key: 'odd', kind: 'content' })
  const odd = [
    `'; drop table "release"; --`,
    `<script>alert(1)</script>`,
    '" or ""="',
    '%00%ff',
    '\\u0000',
    '${7*7}',
    '\u202e\u200bx',
    '𝕌𝕟𝕚',
    '\x01\x7f',
  ]
  for (const name of odd) {
    const made = await client.createRelease('odd', { name, description: name })
    t.assert.equal((await client.getRelease(made.id)).name, name)
    const { items } = await client.listReleases('odd', { name })
    t.assert.deepEqual(
      items.map(({ id }) => id),
      [made.id],
    )
  }
  t.assert.equal((await client.listReleases('odd', { limit: 200 })).items.length, odd.length)
})

test('unknown and impossible ids are not found', async (t: TestContext) => {
  const { house } = shown()
  const ids = [
    'rel_00000000000000000000000000000000',
    'rel_x',
    'dep_1',
    `'--`,
    '0',
    '-1',
    '9'.repeat(400),
    '%F0%9F%98%80',
    '..%2f..%2fetc',
    '<b>',
    'null',
    '__proto__',
    'constructor',
  ]
  for (const id of ids) {
    for (const path of [
      `releases/${id}`,
      `releases/${id}/items`,
      `deployments/${id}`,
      `deployments/${id}/plan`,
      `users/${id}`,
      `tokens/${id}`,
      `projects/${id}`,
      `projects/site/environments/${id}/live`,
    ]) {
      const response = await house.ask(`/headgate/v1/${path}`)
      await checkVoice(t, 'native', response, path)
    }
  }
})

test('queries and headers out of all proportion are refused', async (t: TestContext) => {
  const { house } = shown()
  const queries = [
    'limit=1e9',
    'limit=0',
    'limit=-1',
    'limit=9999999999999999999999',
    'limit=NaN',
    'limit=1&limit=2',
    'limits=1',
    'after=%27%3B--',
    'after=rel_x',
    'after=',
    `after=${'9'.repeat(201)}`,
  ]
  for (const query of queries) {
    for (const path of ['projects/site/releases', 'projects/site/deployments', 'events', 'users', 'tokens']) {
      const response = await house.ask(`/headgate/v1/${path}?${query}`)
      await checkVoice(t, 'native', response, `${path}?${query}`)
    }
  }
  const release = (await house.client.listReleases('site')).items[0]?.id
  for (const header of ['x', '"x"', '3', '"99999999999999"', '"1", "2"']) {
    const response = await house.ask(`/headgate/v1/releases/${release}`, {
      method: 'PATCH',
      headers: { 'if-match': header },
      json: { name: 'y' },
    })
    await checkVoice(t, 'native', response, `If-Match: ${header}`)
  }
  for (const authorization of [
    'Bearer',
    'Bearer x y',
    'Basic !!',
    'Digest x',
    `Bearer ${'x'.repeat(10_000)}`,
    'Bearer \u00ff',
    'Basic ' + Buffer.from('a@b.c:x').toString('base64'),
  ]) {
    const response = await house.ask('/headgate/v1/projects', { headers: { authorization } })
    t.assert.equal(response.status, 401, authorization)
    await checkVoice(t, 'native', response, authorization)
  }
})

test('numbers that no column holds are refused', async (t: TestContext) => {
  const { house } = shown()
  const release = (await house.client.listReleases('site')).items[0]!.id
  for (const version of [0, -1, 1.5, 1e300, 2 ** 53, 4_294_967_296, '1']) {
    const items = [{ key: 'main/blt1/en-us', version }]
    const response = await house.ask(`/headgate/v1/releases/${release}/items`, { json: { items } })
    await checkVoice(t, 'native', response, String(version))
  }
  const path = '/headgate/v1/projects/site/environments/production/deployments'
  for (const odd of [
    { scheduled_at: 'tomorrow' },
    { scheduled_at: '+275760-09-13T00:00:00Z' },
    { misfire: { policy: 'run', late_by_at_most_seconds: 1e300 } },
    { items: [] },
    { items: ['nope'] },
  ]) {
    const response = await house.ask(path, { json: { release, ...odd } })
    await checkVoice(t, 'native', response, JSON.stringify(odd))
  }
})
