import { test, type TestContext } from 'node:test'
import { openHouse } from '../open-house.ts'

test('a callback that is none is answered in the voice of the hooks, and says nothing of what is there', async (t: TestContext) => {
  const house = await openHouse(t)
  const path = '/headgate/hooks/callbacks/01a1fe81-1824-7439-9cbe-84e3fdd02a39'
  const bearer = { authorization: 'Bearer nothing-that-counts' }
  const post = { method: 'POST', headers: { 'content-type': 'application/json', ...bearer } }
  const cases: [string, string, RequestInit, number][] = [
    ['a dispatch that is not there', path, { ...post, body: '{"state":"running"}' }, 401],
    [
      'no credential',
      path,
      { ...post, headers: { 'content-type': 'application/json' }, body: '{"state":"running"}' },
      401,
    ],
    ['an id that is none', '/headgate/hooks/callbacks/none', { ...post, body: '{"state":"running"}' }, 401],
    ['a word that is none', path, { ...post, body: '{"state":"done"}' }, 422],
    ['a field that is none', path, { ...post, body: '{"state":"running","x":1}' }, 422],
    ['nothing', path, { ...post, body: '' }, 400],
    ['no JSON', path, { ...post, body: '{"state":' }, 400],
    [
      'too much',
      path,
      { ...post, body: JSON.stringify({ state: 'running', log: ['x'.repeat(2 ** 20)] }) },
      413,
    ],
    ['another method', path, { method: 'GET', headers: bearer }, 404],
    ['another path', '/headgate/hooks/nothing', { ...post, body: '{}' }, 404],
  ]
  for (const [what, at, init, wanted] of cases) {
    // The own headers of the request: nothing of the first admin's.
    const response = await fetch(`${house.url}${at}`, init)
    const problem = (await response.json()) as { status: number; code: string; request_id: string }
    t.assert.strictEqual(response.status, wanted, `${what}: ${JSON.stringify(problem)}`)
    t.assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/, what)
    t.assert.ok(problem.status === wanted && problem.request_id !== '', what)
  }
})
