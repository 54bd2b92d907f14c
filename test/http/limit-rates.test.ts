import { test, type TestContext } from 'node:test'
import { openHouse } from '../open-house.ts'
import { smallHall } from './small-hall.ts'

const three = { rateOf: ({ name }: { name: string }) => (name === 'one' ? 3 : 0) }

test('requests over the limit are refused in the voice of the door, each caller counted for itself', async (t: TestContext) => {
  const { ask } = await smallHall(t, three)
  const as = (authorization: string) => ask('/one/raw', { headers: { authorization } })
  for (const left of [2, 1, 0]) {
    const { status, headers } = await as('Bearer a')
    t.assert.equal(status, 200)
    t.assert.equal(headers.get('ratelimit-policy'), '"default";q=3;w=60')
    t.assert.match(headers.get('ratelimit') ?? '', new RegExp(`^"default";r=${left};t=\\d+$`))
  }
  const over = await as('Bearer a')
  t.assert.deepEqual([over.said.voice, over.said.code], ['one', 'rate_limited'])
  const wait = Number(over.headers.get('retry-after'))
  t.assert.ok(wait > 0 && wait <= 60)
  t.assert.equal((await as('Bearer b')).status, 200)
  t.assert.equal((await ask('/one/raw')).status, 200)
  for (const path of ['/one/nothing', '/ONE//raw', '/one/raw?x=1']) await ask(path)
  t.assert.equal((await ask('/one/raw')).said.code, 'rate_limited')
  t.assert.equal((await ask('/two/raw')).headers.get('ratelimit'), null)
})

test('our own door always sends RateLimit headers, a vendor’s its own', async (t: TestContext) => {
  const { ask } = await openHouse(t)
  const own = await ask('/headgate/v1/session')
  t.assert.match(own.headers.get('ratelimit-policy') ?? '', /^"default";q=60000;w=60$/)
  t.assert.equal((await ask('/headgate/v1/live')).headers.get('ratelimit'), null)
  const theirs = await ask('/v3/user')
  t.assert.equal(theirs.headers.get('ratelimit'), null)
  t.assert.ok(theirs.headers.get('x-ratelimit-remaining'))
})

test('a vendor’s door can be limited, and says so in its own headers', async (t: TestContext) => {
  const { ask } = await openHouse(t, { HEADGATE_VENDOR_RATE_LIMIT: '2', HEADGATE_RATE_LIMIT: '1' })
  const headers = { authtoken: 'x', authorization: '' }
  const first = await ask('/v3/user', { headers })
  t.assert.deepEqual(
    [first.headers.get('x-ratelimit-limit'), first.headers.get('x-ratelimit-remaining')],
    ['2', '1'],
  )
  await ask('/v3/user', { headers })
  const over = await ask('/v3/user', { headers })
  t.assert.equal(over.status, 429)
  t.assert.ok(over.headers.get('retry-after'))
  t.assert.equal(((await over.json()) as { error_code: number }).error_code, 429)
  await ask('/headgate/v1/session')
  const own = await ask('/headgate/v1/session')
  t.assert.deepEqual([own.status, own.headers.get('content-type')], [429, 'application/problem+json'])
  t.assert.equal(((await own.json()) as { code: string }).code, 'rate_limited')
})
