import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventSight, isWanted, type WantedEvents } from '#domain/event-sight.ts'
import type { Principal } from '#domain/principal.ts'
import { startEventFeed, type EventFeed, type FeedPage } from '#events/event-feed.ts'
import { sealEvents } from '#events/seal-events.ts'
import { startSealer, type Sealer } from '#events/sealer.ts'
import type { Db } from '#store/database.ts'
import { findLastSeal, listSealedEvents } from '#store/event-seal.ts'
import { insertEvents, listEvents } from '#store/event.ts'
import { freshStore, openPlace, testStore } from '../fresh-store.ts'
import { eventOf, writeEvents } from './write-events.ts'

const everything: WantedEvents = { project_ids: null, environment_ids: null, branches: null }
const silent = { error: () => {} }

const ascending = (length: number, after = 0) => Array.from({ length }, (_, n) => after + n + 1)

async function until(holds: () => boolean | Promise<boolean>, what: () => unknown = () => ''): Promise<void> {
  for (let n = 0; n < 1000; n++) {
    if (await holds()) return
    await sleep(10)
  }
  throw new Error(`not in time: ${JSON.stringify(what())}`)
}

async function follow(
  feed: EventFeed,
  after: number | undefined,
  {
    wanted = everything,
    slow = async () => {},
  }: { wanted?: WantedEvents; slow?: () => Promise<unknown> } = {},
) {
  const seen: number[] = []
  const state = { lost: false, largest: 0, position: 0 }
  const hear = async ({ events, position }: FeedPage) => {
    state.largest = Math.max(state.largest, events.length)
    await slow()
    seen.push(...events.map((event) => event.position))
    state.position = position
  }
  const { position, stop } = await feed.follow({
    after,
    wanted: () => wanted,
    hear,
    lost: () => (state.lost = true),
  })
  return { seen, state, begun: position, stop }
}

async function sealedTo(db: Db, length: number): Promise<void> {
  await until(async () => {
    await sealEvents(db)
    return ((await findLastSeal(db))?.position ?? 0) >= length
  })
}

test('whoever follows gets every event once and in order, wherever they begin and however slow they are', async (t: TestContext) => {
  const place = await freshStore(t)
  const { db } = place
  // On PostgreSQL the feed is another process's: it hears of what was sealed elsewhere.
  const other = testStore === 'postgres' ? await openPlace(place) : place.store
  const sealer = startSealer({ db, logger: silent, everyMs: 50, gatherMs: 2 })
  const feed = await startEventFeed({ ...other, logger: silent })
  // Before the store itself is closed, whose hook was registered first.
  const end = async () => {
    await feed.close()
    await sealer.stop()
    if (other !== place.store) await other.close()
  }
  try {
    await followAll(t, { db, feed, sealer })
  } finally {
    await end()
  }
})

async function followAll(
  t: TestContext,
  { db, feed, sealer }: { db: Db; feed: EventFeed; sealer: Sealer },
): Promise<void> {
  await writeEvents(db, 1200)
  await sealedTo(db, 1200)
  const slow = () => sleep(3)
  const followers = [
    await follow(feed, 0),
    await follow(feed, 0, { slow }),
    await follow(feed, 700),
    await follow(feed, 1199, { slow }),
    await follow(feed, undefined),
    await follow(feed, 9_999_999),
  ]
  for (let n = 0; n < 60; n++) {
    await writeEvents(db, 5, n)
    sealer.nudge()
    if (n % 20 === 0) followers.push(await follow(feed, n * 10))
    if (n % 7 === 0) await sleep(4)
  }
  await until(
    () => followers.every(({ seen }) => seen.at(-1) === 1500),
    () => followers.map(({ seen }) => seen.at(-1)),
  )
  for (const { begun, seen } of followers) t.assert.deepEqual(seen, ascending(1500 - begun, begun))
  t.assert.deepEqual(
    followers.slice(0, 6).map(({ begun }) => begun),
    [0, 0, 700, 1199, 1200, 1200],
  )
  t.assert.ok(followers.every(({ state }) => state.largest <= 500))
}

test('who stops reading holds up nobody, and goes on where they were', async (t: TestContext) => {
  const { db, store } = await freshStore(t)
  const feed = await startEventFeed({ ...store, logger: silent })
  const gate = Promise.withResolvers<void>()
  const stuck = await follow(feed, 0, { slow: () => gate.promise })
  const quick = await follow(feed, 0)
  for (let n = 0; n < 3; n++) {
    await writeEvents(db, 700, n)
    await sealedTo(db, 700 * (n + 1))
  }
  await until(() => quick.seen.length === 2100)
  t.assert.deepEqual(stuck.seen, [])
  gate.resolve()
  await until(() => stuck.seen.length === 2100)
  t.assert.deepEqual(stuck.seen, quick.seen)
  quick.stop()
  await feed.close()
  t.assert.deepEqual([quick.state.lost, stuck.state.lost], [false, true])
})

test('a filter passes what it names, in memory as in SQL, and moves the position past the rest', async (t: TestContext) => {
  const { db, store } = await freshStore(t)
  const [project, environment, subject] = [1, 2, 3].map((n) => `00000000-0000-7000-8000-00000000000${n}`) as [
    string,
    string,
    string,
  ]
  const kinds = ['release.created', 'release.locked'] as const
  const events = Array.from({ length: 64 }, (_, n) => ({
    ...eventOf(n),
    kind: kinds[n % 2]!,
    ...(n & 2 ? { project_id: project } : {}),
    environment_id: n & 4 ? environment : null,
    ...(n & 8 ? { subject_id: subject } : {}),
    data: n & 16 ? { branch: n & 32 ? 'main' : 'next' } : {},
  }))
  await insertEvents(db, events)
  await sealedTo(db, 64)
  const all = await listSealedEvents(db, { after: 0, limit: 100 })
  const feed = await startEventFeed({ ...store, logger: silent })
  const filters: Partial<WantedEvents>[] = [
    {},
    { project_ids: [project] },
    { project_ids: [project, subject] },
    { environment_ids: [environment] },
    { branches: ['main'] },
    { environment_id: environment, kinds: ['release.locked'] },
    { subject_id: subject, kinds },
    { project_ids: [], branches: [] },
  ]
  for (const filter of filters) {
    const wanted = { ...everything, ...filter }
    const expected = all.filter((event) => isWanted(wanted, event))
    const one = await follow(feed, 0, { wanted })
    await until(() => one.state.position === 64)
    t.assert.deepEqual(
      one.seen,
      expected.map(({ position }) => position),
      JSON.stringify(filter),
    )
    const listed = await listEvents(db, wanted, { limit: 100 })
    t.assert.deepEqual(
      listed.map(({ id }) => id).toReversed(),
      expected.map(({ id }) => id),
    )
    one.stop()
  }
  await feed.close()
})

test('who may see what: roles say which projects, tokens narrow to projects, environments and branches', (t: TestContext) => {
  const principal: Principal = {
    ...{ kind: 'user', user_id: 'u', token_id: null, name: 'u', scopes: ['*'] },
    ...{ grants: [], project_id: null, environment_ids: null, branches: null },
  }
  const viewer = (project_id: string | null) => ({ project_id, role: 'viewer' as const })
  t.assert.equal(eventSight(principal), undefined)
  t.assert.equal(eventSight({ ...principal, grants: [viewer(null)] })?.project_ids, null)
  t.assert.deepEqual(eventSight({ ...principal, grants: [viewer('a'), viewer('b')] })?.project_ids, [
    'a',
    'b',
  ])
  t.assert.deepEqual(eventSight({ ...principal, grants: [viewer(null)], project_id: 'a' })?.project_ids, [
    'a',
  ])
  t.assert.equal(eventSight({ ...principal, grants: [viewer('b')], project_id: 'a' }), undefined)
  t.assert.equal(eventSight({ ...principal, grants: [viewer(null)], scopes: ['release.*'] }), undefined)
  const bound = { grants: [viewer(null)], environment_ids: ['e'], branches: ['main'] }
  t.assert.deepEqual(eventSight({ ...principal, ...bound }), {
    project_ids: null,
    environment_ids: ['e'],
    branches: ['main'],
  })
})
