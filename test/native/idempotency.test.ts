import { test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { asPrincipal } from '#app/context.ts'
import { claimKey } from '#app/idempotency/claim-key.ts'
import { pruneKeys } from '#app/idempotency/prune-keys.ts'
import { createToken } from '#app/identity/create-token.ts'
import { createUser } from '#app/identity/create-user.ts'
import { principalOf } from '#app/identity/principal-of.ts'
import { createProject } from '#app/projects/create-project.ts'
import { createClient } from '#client/client.ts'
import { claimIdempotencyKey } from '#store/idempotency-key.ts'
import { openHouse, type TestHouse } from '../open-house.ts'
import { shared } from '../share-house.ts'

const root = '/headgate/v1'

/** Somebody with a project of their own: keys are told apart by who sends them. */
interface Sender extends Pick<TestHouse, 'house' | 'store' | 'clock' | 'client' | 'ask'> {
  /** Of the project. */
  site: string
  token: string
}

const opened = shared(openHouse)
let senders = 0

async function site(): Promise<Sender> {
  senders += 1
  return senderIn(opened(), `site-${senders}`)
}

async function senderIn(
  { house, store, clock, client: admin, ask, url }: TestHouse,
  key: string,
): Promise<Sender> {
  await admin.createProject({ key, kind: 'content' })
  const ctx = asPrincipal(house, null)
  const grants = [{ project_id: null, role: 'admin' as const }]
  const { id: user_id } = await createUser(ctx, { email: `${key}@example.com`, grants })
  const { secret: token } = await createToken(ctx, { kind: 'service', user_id, name: key, scopes: ['*'] })
  return {
    ...{ house, store, clock, site: key, token },
    client: createClient({ url, token }),
    ask: (path, init = {}) =>
      ask(path, { ...init, headers: { authorization: `Bearer ${token}`, ...(init.headers as object) } }),
  }
}

function send(house: Sender, key: string, path: string, json: unknown, more: RequestInit = {}) {
  const headers = { 'idempotency-key': key, ...(more.headers as object) }
  return house.ask(`${root}${path}`, { ...more, headers, json })
}

const releasesIn = async (house: Sender) => (await house.client.listReleases(house.site)).items.length

async function codeOf(response: Response): Promise<[number, string | null]> {
  const { code } = (await response.json()) as { code?: string }
  return [response.status, code ?? null]
}

test('the same key and the same request: done once, answered twice', async (t: TestContext) => {
  const house = await site()
  const first = await send(house, '"k-1"', `/projects/${house.site}/releases`, {
    name: 'One',
    description: 'd',
  })
  t.assert.equal(first.status, 201)
  t.assert.equal(first.headers.get('idempotency-replayed'), null)
  // Canonical JSON: the order of the fields says nothing. Quoted or bare, it is the same key.
  const again = await send(house, 'k-1', `/projects/${house.site}/releases`, {
    description: 'd',
    name: 'One',
  })
  t.assert.equal(again.status, 201)
  t.assert.equal(again.headers.get('idempotency-replayed'), 'true')
  for (const name of ['location', 'etag', 'content-type'])
    t.assert.equal(again.headers.get(name), first.headers.get(name))
  t.assert.equal(await again.text(), await first.text())
  t.assert.equal(await releasesIn(house), 1)
  // A refusal is an answer too, and a removal answers without a body.
  const { id } = (await house.client.listReleases(house.site)).items[0]!
  for (const replayed of [null, 'true']) {
    const removed = await send(house, 'k-2', `/releases/${id}`, undefined, { method: 'DELETE' })
    t.assert.deepEqual([removed.status, removed.headers.get('idempotency-replayed')], [204, replayed])
    const refused = await send(house, 'k-3', '/projects', { key: house.site, kind: 'content' })
    t.assert.deepEqual(await codeOf(refused), [409, 'already_exists'])
    t.assert.equal(refused.headers.get('content-type'), 'application/problem+json')
  }
})

test('what flows out is not kept: asked for again, it is told as done, and never answered with nothing', async (t: TestContext) => {
  const house = await site()
  const backup = () => send(house, 'k-b', '/backup', undefined, { method: 'POST' })
  const first = await backup()
  t.assert.ok((await first.arrayBuffer()).byteLength > 10_000)
  t.assert.deepEqual(await codeOf(await backup()), [409, 'idempotency_key_done'])
})

test('an Idempotency-Key with another body, path, query or If-Match answers 422', async (t: TestContext) => {
  const house = await site()
  const { id } = await house.client.createRelease(house.site, { name: 'One' })
  const patch = (json: unknown, headers: Record<string, string> = {}, path = `/releases/${id}`) =>
    send(house, 'k', path, json, { method: 'PATCH', headers })
  t.assert.equal((await patch({ name: 'Two' })).status, 200)
  t.assert.deepEqual(await codeOf(await patch({ name: 'Three' })), [422, 'idempotency_key_reused'])
  t.assert.deepEqual(await codeOf(await patch({ name: 'Two' }, { 'if-match': '"2"' })), [
    422,
    'idempotency_key_reused',
  ])
  t.assert.deepEqual(await codeOf(await send(house, 'k', `/releases/${id}`, { name: 'Two' })), [
    404,
    'not_found',
  ])
  t.assert.deepEqual(
    await codeOf(await send(house, 'k', `/projects/${house.site}/releases`, { name: 'Two' })),
    [422, 'idempotency_key_reused'],
  )
  t.assert.equal((await house.client.getRelease(id)).name, 'Two')
})

test('keys that are none are refused, and what was not well-formed leaves its key free', async (t: TestContext) => {
  const house = await site()
  for (const key of ['""', '"', 'a b', '"a"b"', 'x'.repeat(256), 'a, b', 'é'])
    t.assert.deepEqual(
      await codeOf(await send(house, key, `/projects/${house.site}/releases`, { name: 'x' })),
      [422, 'invalid'],
      key,
    )
  t.assert.equal((await send(house, 'k', `/projects/${house.site}/releases`, { nam: 'x' })).status, 422)
  t.assert.equal((await send(house, 'k', `/projects/${house.site}/releases`, { name: 'x' })).status, 201)
  t.assert.equal(await releasesIn(house), 1)
})

test('no principal reaches another’s answers by its key', async (t: TestContext) => {
  const house = await site()
  const made = await send(house, 'k', '/tokens', { name: 'narrow', scopes: ['release.*', 'project.read'] })
  const { secret } = (await made.json()) as { secret: string }
  const authorization = `Bearer ${secret}`
  const other = await send(
    house,
    'k',
    '/tokens',
    { name: 'narrow', scopes: ['release.*', 'project.read'] },
    { headers: { authorization } },
  )
  t.assert.deepEqual(await codeOf(other), [403, 'forbidden'])
})

test('a secret that is shown once is replayed, and lies in the store encrypted', async (t: TestContext) => {
  const house = await site()
  const ask = () => send(house, 'k-shown', '/tokens', { name: 'ci', scopes: ['*'] })
  const first = (await (await ask()).json()) as { secret: string }
  t.assert.deepEqual(await (await ask()).json(), first)
  const { rows } = await sql<{
    all: string
  }>`select row_to_json(k)::text as all from idempotency_key k where key = 'k-shown'`.execute(house.store.db)
  t.assert.ok(rows[0]?.all.includes('v1.'))
  t.assert.ok(!rows[0]?.all.includes(first.secret))
  const { items } = (await (await house.ask(`${root}/tokens`)).json()) as { items: { name: string }[] }
  t.assert.equal(items.filter(({ name }) => name === 'ci').length, 1)
})

test('two requests with one key at once: one is done, the other is told to wait', async (t: TestContext) => {
  const house = await site()
  const all = await Promise.all(
    Array.from({ length: 8 }, () => send(house, 'k', `/projects/${house.site}/releases`, { name: 'One' })),
  )
  const statuses = all.map(({ status }) => status)
  t.assert.ok(statuses.includes(201))
  t.assert.ok(statuses.every((status) => status === 201 || status === 409))
  for (const answer of all) {
    if (answer.status !== 409) continue
    // Who comes between the deed and the keeping of its answer is told that it is done.
    const { code } = (await answer.json()) as { code: string }
    if (code !== 'idempotency_key_done') t.assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/)
  }
  t.assert.equal(await releasesIn(house), 1)
})

/** The row of a key, as a process that died at some point left it. */
async function leftBehind(house: Sender, key: string, ended: 'before' | 'after') {
  const response = await send(house, key, `/projects/${house.site}/releases`, { name: key })
  const { id } = (await response.json()) as { id: string }
  if (ended === 'after')
    await sql`update idempotency_key set answer = null, answered_at = null where key = ${key}`.execute(
      house.store.db,
    )
  else {
    // As the transaction would have been undone: neither its rows nor the mark are there.
    await house.ask(`${root}/releases/${id}`, { method: 'DELETE' })
    await sql`update idempotency_key set answer = null, answered_at = null, done_at = null where key = ${key}`.execute(
      house.store.db,
    )
  }
  return id
}

test('a crash between doing and answering does nothing twice', async (t: TestContext) => {
  const house = await site()
  const id = await leftBehind(house, 'after', 'after')
  const retry = await send(house, 'after', `/projects/${house.site}/releases`, { name: 'after' })
  const said = (await retry.json()) as { code: string; detail: string }
  t.assert.deepEqual([retry.status, said.code], [409, 'idempotency_key_done'])
  t.assert.ok(said.detail.includes(`release.created ${id}`), said.detail)
  t.assert.equal(await releasesIn(house), 1)
})

test('a crash before doing leaves the key to a retry, after half a minute', async (t: TestContext) => {
  const house = await site()
  await leftBehind(house, 'before', 'before')
  const ask = () => send(house, 'before', `/projects/${house.site}/releases`, { name: 'before' })
  const early = await ask()
  t.assert.deepEqual(await codeOf(early), [409, 'idempotency_key_busy'])
  const wait = Number(early.headers.get('retry-after'))
  t.assert.ok(wait > 0 && wait <= 30)
  house.clock.now = new Date(house.clock.now.getTime() + wait * 1000)
  t.assert.equal((await ask()).status, 201)
  t.assert.equal(await releasesIn(house), 1)
})

test('who was given up for dead and finishes after all is undone whole', async (t: TestContext) => {
  const house = await site()
  const { db } = house.store
  const by = await principalOf(house.house, house.token)
  const ctx = asPrincipal(house.house, by)
  const asked = { key: 'k', method: 'POST', path: '/x', asked: null }
  const slow = await claimKey(ctx, asked)
  if (!('claim' in slow)) throw new Error('nobody had this key')
  house.clock.now = new Date(house.clock.now.getTime() + 31_000)
  const retry = await claimKey(ctx, asked)
  t.assert.ok('claim' in retry)
  const make = (claim: typeof slow.claim) =>
    createProject({ ...ctx, claim }, { key: `made-${claim.claim_id}`, name: 'x', kind: 'content' })
  await t.assert.rejects(make(slow.claim), { code: 'idempotency_key_busy' })
  await make(retry.claim)
  const { rows } = await sql<{
    key: string
  }>`select key from project where starts_with(key, 'made-')`.execute(db)
  t.assert.deepEqual(rows, [{ key: `made-${retry.claim.claim_id}` }])
})

test('a key is forgotten after 24 hours', async (t: TestContext) => {
  // In a house of its own: all keys are pruned, and counted.
  const house = await senderIn(await openHouse(t), 'site')
  const ask = () => send(house, 'k', `/projects/${house.site}/releases`, { name: 'One' })
  await ask()
  house.clock.now = new Date(house.clock.now.getTime() + 86_399_000)
  t.assert.equal((await ask()).headers.get('idempotency-replayed'), 'true')
  house.clock.now = new Date(house.clock.now.getTime() + 2000)
  t.assert.equal((await ask()).headers.get('idempotency-replayed'), null)
  t.assert.equal(await releasesIn(house), 2)
  house.clock.now = new Date(house.clock.now.getTime() + 86_400_000)
  t.assert.equal(await pruneKeys(house.house), 1)
  t.assert.equal(await pruneKeys(house.house), 0)
})

test('a claim that another holds is not taken', async (t: TestContext) => {
  const { store, house } = await site()
  const at = house.now()
  const later = new Date(at.getTime() + 60_000)
  const claim = () => ({
    ...{
      caller_id: '00000000-0000-7000-8000-000000000001',
      key: 'k',
      claim_id: house.newId(),
      method: 'POST',
    },
    ...{ path: '/x', fingerprint: 'f', claimed_until: later, expires_at: new Date(at.getTime() + 120_000) },
  })
  t.assert.equal(await claimIdempotencyKey(store.db, claim(), at), true)
  t.assert.equal(await claimIdempotencyKey(store.db, claim(), at), false)
  t.assert.equal(await claimIdempotencyKey(store.db, { ...claim(), fingerprint: 'g' }, later), false)
  t.assert.equal(await claimIdempotencyKey(store.db, claim(), later), true)
})
