import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createParser } from 'eventsource-parser'
import type { Event } from '#api/event.ts'
import { openHouse, type TestHouse } from '../open-house.ts'

interface Seen {
  position: number
  event: Event
}

/** An open stream: what came so far, and whether it has ended. */
async function follow(house: TestHouse, query = '', headers: Record<string, string> = {}) {
  const stop = new AbortController()
  const response = await house.ask(`/headgate/v1/events/stream${query}`, { headers, signal: stop.signal })
  if (response.status !== 200) throw new Error(await response.text())
  const seen: Seen[] = []
  const comments: string[] = []
  const state = { ended: false, lastId: '' }
  const parser = createParser({
    onEvent: ({ id, data }) => void seen.push({ position: Number(id), event: JSON.parse(data) as Event }),
    onComment: (comment) => void comments.push(comment.trim()),
  })
  const decoder = new TextDecoder()
  const reading = (async () => {
    for await (const chunk of response.body!) {
      const text = decoder.decode(chunk as Uint8Array, { stream: true })
      for (const [, id] of text.matchAll(/^id: (\d+)$/gm)) state.lastId = id ?? ''
      parser.feed(text)
    }
  })()
    .catch(() => undefined)
    .finally(() => (state.ended = true))
  return {
    response,
    seen,
    comments,
    state,
    kinds: () => seen.map(({ event }) => event.kind),
    async until(holds: () => boolean) {
      for (let n = 0; n < 1000 && !holds(); n++) await sleep(10)
      if (!holds()) throw new Error(`not in time; seen: ${seen.map(({ event }) => event.kind).join(', ')}`)
    },
    async close() {
      stop.abort()
      await reading
    },
  }
}

const makeProject = (house: TestHouse, key: string) => house.client.createProject({ key, kind: 'content' })
const makeRelease = (house: TestHouse, key: string, name: string) => house.client.createRelease(key, { name })

async function tokenFor(house: TestHouse, role: 'viewer' | 'admin', project?: string): Promise<string> {
  const email = `${Math.random().toString(36).slice(2)}@example.com`
  const made = await house.ask('/headgate/v1/users', {
    json: { email, grants: [{ role, ...(project ? { project } : {}) }], password: 'a-long-password-1' },
  })
  if (made.status !== 201) throw new Error(await made.text())
  const session = await house.ask('/headgate/v1/session', { json: { email, password: 'a-long-password-1' } })
  if (session.status !== 201) throw new Error(await session.text())
  return ((await session.json()) as { token: string }).token
}

test('events by SSE: from now on, with Last-Event-ID what came after, each once and in order', async (t: TestContext) => {
  const house = await openHouse(t)
  await makeProject(house, 'site')
  const first = await follow(house)
  t.assert.equal(first.response.headers.get('content-type'), 'text/event-stream; charset=utf-8')
  await first.until(() => first.state.lastId !== '')
  for (const name of ['a', 'b', 'c']) await makeRelease(house, 'site', name)
  // What was sealed only after the stream began is new to it.
  const created = () => first.seen.filter(({ event }) => event.kind === 'release.created')
  await first.until(() => created().length === 3)
  t.assert.deepEqual(
    created().map(({ event }) => event.data.name),
    ['a', 'b', 'c'],
  )
  await first.close()

  for (const name of ['d', 'e']) await makeRelease(house, 'site', name)
  const last = created()[1]!.position
  const second = await follow(house, '', { 'last-event-id': String(last) })
  await second.until(() => second.seen.length >= 3)
  await makeRelease(house, 'site', 'f')
  await second.until(() => second.seen.length >= 4)
  t.assert.deepEqual(
    second.seen.map(({ position }) => position),
    [last + 1, last + 2, last + 3, last + 4],
  )
  const all = await follow(house, '?after=0', { accept: 'text/event-stream' })
  await all.until(() => all.seen.length >= last + 4)
  t.assert.deepEqual(
    all.seen.map(({ position }) => position),
    all.seen.map((_, index) => index + 1),
  )
  const listed = await house.client.listEvents({ limit: 200 })
  t.assert.deepEqual(
    new Set(all.seen.map(({ event }) => event.id)),
    new Set(listed.items.map(({ id }) => id)),
  )
  const plain = await house.ask('/headgate/v1/events', { headers: { accept: 'text/event-stream' } })
  t.assert.match(plain.headers.get('content-type') ?? '', /event-stream/)
  await plain.body?.cancel()
  await second.close()
  await all.close()
})

test('a stream carries what its filter names and its caller may see', async (t: TestContext) => {
  const house = await openHouse(t)
  await makeProject(house, 'site')
  await makeProject(house, 'shop')
  await house.client.createEnvironment('site', { name: 'production' })
  const viewer = await tokenFor(house, 'viewer', 'site')
  const asViewer = { authorization: `Bearer ${viewer}` }
  const mine = await follow(house, '?after=0', asViewer)
  const kind = await follow(house, '?after=0&kind=release.created')
  const environment = await follow(house, '?after=0&project=site&environment=production')
  const made = await makeRelease(house, 'site', 'one')
  await makeRelease(house, 'shop', 'two')
  const subject = await follow(house, `?after=0&subject=${made.id}`)
  await kind.until(() => kind.seen.length === 2)
  await mine.until(() => mine.kinds().includes('release.created'))
  await subject.until(() => subject.seen.length === 1)
  await environment.until(() => environment.seen.length === 1)
  const projects = new Set(mine.seen.map(({ event }) => event.project_id))
  t.assert.deepEqual([...projects], [(await house.client.getProject('site')).id])
  t.assert.deepEqual(environment.kinds(), ['environment.created'])

  const refused = async (query: string, headers: Record<string, string> = {}) =>
    (await house.ask(`/headgate/v1/events/stream${query}`, { headers })).status
  t.assert.equal(await refused('?project=shop', asViewer), 404)
  t.assert.equal(await refused('', { authorization: 'Bearer nobody' }), 401)
  t.assert.equal(await refused('?environment=production'), 422)
  t.assert.equal(await refused('?after=x'), 422)
  t.assert.equal(await refused('?subject=x'), 422)
  t.assert.equal(await refused('', { 'last-event-id': 'x' }), 422)
  const listed = await house.ask('/headgate/v1/events?limit=200', { headers: asViewer })
  t.assert.equal(listed.status, 200)
  const { items } = (await listed.json()) as { items: Event[] }
  t.assert.deepEqual([...new Set(items.map(({ project_id }) => project_id))], [...projects])
  for (const stream of [mine, kind, environment, subject]) await stream.close()
})

test('a stream ends when its credential is revoked, when it expires, and when the server stops', async (t: TestContext) => {
  const house = await openHouse(t)
  const made = await house.ask('/headgate/v1/tokens', {
    json: { name: 'watcher', scopes: ['event.read', 'project.read'] },
  })
  const { token, secret } = (await made.json()) as { token: { id: string }; secret: string }
  const revoked = await follow(house, '', { authorization: `Bearer ${secret}` })
  await revoked.until(() => revoked.state.lastId !== '')
  t.assert.equal((await house.ask(`/headgate/v1/tokens/${token.id}`, { method: 'DELETE' })).status, 204)
  await revoked.until(() => revoked.state.ended)
  t.assert.match(revoked.comments.at(-1) ?? '', /no longer/)

  const stopped = await follow(house)
  await stopped.until(() => stopped.state.lastId !== '')
  await house.close()
  await stopped.until(() => stopped.state.ended)
  t.assert.match(stopped.comments.at(-1) ?? '', /stops/)
})
