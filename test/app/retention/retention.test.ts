import { test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { pruneEvents } from '#app/retention/prune-events.ts'
import { pruneHouse } from '#app/retention/prune-house.ts'
import { createUser } from '#app/identity/create-user.ts'
import { signIn } from '#app/identity/sign-in.ts'
import { createChainVerifier } from '#events/chain-verifier.ts'
import { verifyChain } from '#events/verify-chain.ts'
import { pass, smallHouse } from '../../small-house.ts'
import { sealAll } from '../../events/seal-all.ts'
import { eventOf, writeEvents } from '../../events/write-events.ts'

const day = 24 * 3600
const keepAll = { events: null, logs: null, sessions: null }

/** Days from the first written event's time. */
const at = (days: number) => new Date(eventOf(0).at.getTime() + days * day * 1000)

test('events older than the policy go, and the chain is verified from an anchor on', async (t: TestContext) => {
  const { house, ctx, clock } = await smallHouse(t)
  const { db } = house
  await writeEvents(db, 2500)
  await sealAll(db)
  const whole = await verifyChain(db)
  t.assert.partialDeepStrictEqual(whole, { whole: true, length: 2500, verified_after: 0, pruned: null })
  clock.now = at(20)
  await writeEvents(db, 3, 2500)
  await sql`update event set at = ${at(15)} where ordinal > (select max(ordinal) - 3 from event)`.execute(db)
  await sealAll(db)

  t.assert.equal(await pruneEvents(ctx, 10), 2500)
  await sealAll(db)
  const verdict = await verifyChain(db)
  t.assert.partialDeepStrictEqual(verdict, {
    whole: true,
    length: 2504,
    verified_after: 2500,
    pruned: { up_to: 2500, at: clock.now.toISOString(), keep_days: 10 },
  })
  const kept = await db.selectFrom('event').select(['kind', 'data']).orderBy('ordinal').execute()
  t.assert.equal(kept.length, 4)
  const head = whole.whole ? whole.head : ''
  t.assert.deepEqual(kept.at(-1), {
    kind: 'history.pruned',
    data: { up_to: 2500, hash: head, events: 2500, keep_days: 10 },
  })
  t.assert.equal(await pruneEvents(ctx, 10), 0, 'nothing is older now')

  await sql`update event set reason = 'forged' where ordinal = (select min(ordinal) from event)`.execute(db)
  t.assert.partialDeepStrictEqual(await verifyChain(db), { whole: false, broken_at: 2501 })
})

test('a run that died after it set the anchor is finished by the next', async (t: TestContext) => {
  const { house, ctx, clock } = await smallHouse(t)
  await writeEvents(house.db, 2100)
  await sealAll(house.db)
  clock.now = at(20)
  const stopped = AbortSignal.abort()
  t.assert.equal(await pruneEvents(ctx, 10, stopped), 0)
  await sealAll(house.db)
  t.assert.partialDeepStrictEqual(await verifyChain(house.db), { whole: true, verified_after: 2099 })
  t.assert.equal(await pruneEvents(ctx, 10), 2100, 'the one that was last then went now too')
  await sealAll(house.db)
  t.assert.partialDeepStrictEqual(await verifyChain(house.db), { whole: true, verified_after: 2100 })
})

test('of several processes one does it, once a day', async (t: TestContext) => {
  const { ctx, clock } = await smallHouse(t)
  const runs = await Promise.all([1, 2, 3].map(() => pruneHouse(ctx, keepAll)))
  t.assert.equal(runs.filter((run) => run !== undefined).length, 1)
  pass(clock, day - 1)
  t.assert.equal(await pruneHouse(ctx, keepAll), undefined)
  pass(clock, 1)
  t.assert.deepEqual(await pruneHouse(ctx, keepAll), {
    ...{ events: 0, sessions: 0, logs: 0, bulk_jobs: 0, drift: 0, kept_plans: 0, modules: 0 },
  })
})

test('sessions older than the policy open nothing any more', async (t: TestContext) => {
  const { house, ctx, clock } = await smallHouse(t)
  const email = 'ada@example.com'
  await createUser(ctx, { email, password: 'correct horse', grants: [{ project_id: null, role: 'admin' }] })
  const old = await signIn(house, { email, password: 'correct horse' })
  pass(clock, 20 * day)
  const recent = await signIn(house, { email, password: 'correct horse' })
  pass(clock, 11 * day)
  t.assert.partialDeepStrictEqual(await pruneHouse(ctx, { ...keepAll, sessions: 30 }), { sessions: 1 })
  const left = await house.db.selectFrom('token').select('id').where('kind', '=', 'session').execute()
  t.assert.deepEqual(left, [{ id: recent.token.id }])
  t.assert.notEqual(old.token.id, recent.token.id)
})

test('who verifies from a position recomputes what follows, and one verification runs at a time', async (t: TestContext) => {
  const { house } = await smallHouse(t)
  await writeEvents(house.db, 50)
  await sealAll(house.db)
  const verify = createChainVerifier(house.db)
  const [one, same] = await Promise.all([verify(), verify()])
  t.assert.strictEqual(one, same)
  const full = verify()
  await t.assert.rejects(verify(10), { code: 'limit_reached' })
  await full
  t.assert.partialDeepStrictEqual(await verify(10), { whole: true, verified_after: 10 })
  t.assert.partialDeepStrictEqual(await verify('last'), { whole: true, verified_after: 50 })
  await t.assert.rejects(verify(51), { code: 'invalid' })
  await sql`update event set reason = 'forged' where ordinal = (select ordinal from event_seal where position = 5)`.execute(
    house.db,
  )
  t.assert.partialDeepStrictEqual(await verify(10), { whole: true }, 'what it was told to believe')
  t.assert.partialDeepStrictEqual(await verify(), { whole: false, broken_at: 5 })
  t.assert.partialDeepStrictEqual(await verify('last'), { whole: false, broken_at: 5, verified_after: 0 })
})
