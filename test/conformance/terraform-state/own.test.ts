import fc from 'fast-check'
import { test, type TestContext } from 'node:test'
import { listEvents } from '#app/events/list-events.ts'
import { forceUnlock } from '#app/state/force-unlock.ts'
import { letGoOfLeftLocks, letGoOfLock } from '#app/state/let-go-of-lock.ts'
import { getState } from '#app/state/list-state-versions.ts'
import { stateCredential } from '#app/state/state-credential.ts'
import { stateOf as markOf } from '#app/state/state-of.ts'
import { lockInfo, setRun, sharedStateHouse, state, type StatePlace } from './state-house.ts'

const shared = sharedStateHouse()

const lockedBy = async ({ environment }: StatePlace) => {
  const query = shared().house.db.selectFrom('infra_state').select(['lock_id', 'lock_attempt'])
  const row = await query.where('environment_id', '=', environment.id).executeTakeFirst()
  return row?.lock_id ?? null
}

test('our own Terraform comes with what its attempt was given, and needs its lock to write', async (t: TestContext) => {
  const { stateOf, ctx, house } = shared()
  const place = await stateOf()
  const own = await place.own(1)
  t.assert.equal((await place.ask('GET', { as: own.as })).status, 204)
  t.assert.equal(await place.post(state(1), undefined, own.as), 409)
  t.assert.equal((await place.lock('lock-1', own.as)).status, 200)
  t.assert.equal(await place.post(state(1), 'lock-1', own.as), 200)
  // People know the id, for it is told to whoever finds it locked; the lock is not theirs.
  t.assert.equal(await place.post(state(2), 'lock-1'), 423)
  t.assert.equal((await place.ask('UNLOCK', { body: lockInfo('lock-1') })).status, 409)
  t.assert.equal((await place.ask('DELETE', { as: own.as, at: '?ID=lock-1' })).status, 403)
  t.assert.equal((await place.ask('UNLOCK', { as: own.as, body: lockInfo('lock-1') })).status, 200)
  t.assert.deepEqual(await markOf(house, place.environment.id), {
    ...{ version: 1, serial: 1, lineage: 'l-1', unposted: null },
  })
  const events = await listEvents(ctx, { project_id: place.environment.project_id, limit: 10 })
  t.assert.ok(!events.some(({ kind }) => kind === 'state.written'), 'its own events say what it did')
})

test('a credential opens one environment, at one attempt, for as long as that is at work', async (t: TestContext) => {
  const { stateOf, ctx, house, clock } = shared()
  const [place, another] = [await stateOf(), await stateOf()]
  const own = await place.own(1)
  const status = async (as: string, at = place) => (await at.ask('GET', { as })).status
  t.assert.equal(await status(own.as, another), 401)
  t.assert.equal(await status(own.as.replace('headgate:', 'ada:')), 401)
  t.assert.equal(await status(`${own.as.slice(0, -3)}AAA`), 401)
  await place.lock('lock-1', own.as)
  await setRun(ctx, own.run_id, { state: 'canceling' })
  t.assert.equal(await status(own.as), 200 + 4)
  await setRun(ctx, own.run_id, { state: 'running', attempt: 2 })
  t.assert.equal(await status(own.as), 403)
  t.assert.equal(await place.post(state(1), 'lock-1', own.as), 403)
  t.assert.equal((await place.ask('UNLOCK', { as: own.as, body: lockInfo('lock-1') })).status, 403)
  const next = stateCredential(house, own.subject, 2, place.environment.id)
  const second = `${next.username}:${next.password}`
  t.assert.equal(await status(second), 204)
  await setRun(ctx, own.run_id, { state: 'failed', finished_at: house.now() })
  t.assert.equal(await status(second), 403)
  await setRun(ctx, own.run_id, { state: 'running' })
  const now = clock.now
  clock.now = new Date(now.getTime() + 25 * 3_600_000)
  t.assert.equal(await status(second), 401)
  clock.now = now
})

test('what a dead attempt left locked is the next attempt’s, and no stranger’s', async (t: TestContext) => {
  const { stateOf, ctx, house } = shared()
  const place = await stateOf()
  const first = await place.own(1)
  t.assert.equal((await place.lock('lock-1', first.as)).status, 200)
  const rival = await place.own(1)
  // Both are at work, as far as anybody knows.
  t.assert.equal((await place.lock('lock-2', rival.as)).status, 423)
  await setRun(ctx, first.run_id, { attempt: 2 })
  t.assert.equal((await place.lock('lock-3')).status, 423)
  const next = stateCredential(house, first.subject, 2, place.environment.id)
  t.assert.equal((await place.lock('lock-4', `${next.username}:${next.password}`)).status, 200)
  t.assert.equal(await lockedBy(place), 'lock-4')
  const events = await listEvents(ctx, { project_id: place.environment.project_id, limit: 10 })
  t.assert.deepEqual(
    events.flatMap(({ kind, data }) => (kind === 'state.unlocked' ? [data['lock_id']] : [])),
    ['lock-1'],
  )
})

test('a lock is let go of by whose it is, however that ended', async (t: TestContext) => {
  const { stateOf, ctx, house } = shared()
  const place = await stateOf()
  const { id } = place.environment
  const own = await place.own(2)
  await place.lock('lock-1', own.as)
  t.assert.equal(await letGoOfLock(house, id, own.subject, 1), false, 'an older attempt says so too late')
  t.assert.equal(await letGoOfLock(house, id, { kind: 'deployment', id: own.run_id }, 2), false)
  t.assert.equal(await letGoOfLeftLocks(ctx), 0)
  t.assert.equal(await letGoOfLock(house, id, own.subject, 2), true)
  t.assert.equal(await lockedBy(place), null)
  await place.lock('lock-2', own.as)
  await setRun(ctx, own.run_id, { state: 'failed', finished_at: house.now() })
  t.assert.equal(await letGoOfLeftLocks(ctx), 1)
  t.assert.equal(await lockedBy(place), null)
})

test('a lock is broken by its id, and never under somebody of ours who is at work', async (t: TestContext) => {
  const { stateOf, ctx, house } = shared()
  const place = await stateOf()
  const { id: environment_id, project_id } = place.environment
  const unlock = (lock_id: string) =>
    forceUnlock(ctx, { project_id, environment_id, lock_id, reason: 'stuck' })
  await t.assert.rejects(unlock('lock-1'), /the state is not locked/)
  await place.lock('lock-1')
  await t.assert.rejects(unlock('lock-2'), /that is lock-1/)
  await unlock('lock-1')
  t.assert.equal(await lockedBy(place), null)
  const own = await place.own(1)
  await place.lock('lock-3', own.as)
  await t.assert.rejects(unlock('lock-3'), /not_possible_now/)
  await setRun(ctx, own.run_id, { state: 'failed', finished_at: house.now() })
  await unlock('lock-3')
  t.assert.equal(await lockedBy(place), null)
})

test('what a holder wrote into its lock breaks nothing that shows it', async (t: TestContext) => {
  const { stateOf, ctx } = shared()
  const place = await stateOf()
  const body = '{"ID":"lock-1","Who":"\\u0000ada\\ud800","Operation":7}'
  t.assert.equal((await place.ask('LOCK', { body })).status, 200)
  t.assert.equal(await (await place.lock('lock-2')).text(), body)
  const { id: environment_id, project_id } = place.environment
  const { lock } = await getState(ctx, { project_id, environment_id })
  t.assert.deepEqual([lock?.who, lock?.operation], ['ada\ufffd', null])
  await forceUnlock(ctx, { project_id, environment_id, lock_id: 'lock-1' })
})

test('of two writers at the same moment one wins, and the serial never goes back', async (t: TestContext) => {
  const { stateOf, house } = shared()
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 2, maxLength: 6 }),
      async (serials) => {
        const place = await stateOf()
        const bodies = serials.map((serial, index) => ({ ...state(serial), resources: [{ index }] }))
        const statuses = await Promise.all(bodies.map((body) => place.post(body)))
        const rows = await house.db
          .selectFrom('infra_state_version')
          .select(['serial', 'version'])
          .where('environment_id', '=', place.environment.id)
          .orderBy('version')
          .execute()
        t.assert.ok(statuses.every((status) => status === 200 || status === 409))
        t.assert.equal(rows.length, statuses.filter((status) => status === 200).length)
        const kept = rows.map(({ serial }) => serial!)
        t.assert.deepEqual(
          kept,
          [...new Set(kept)].toSorted((a, b) => a - b),
        )
        t.assert.equal(kept.at(-1), Math.max(...serials))
      },
    ),
    { numRuns: 8 },
  )
})

test('of many who lock at the same moment one holds it', async (t: TestContext) => {
  const place = await shared().stateOf()
  const answers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => place.lock(id)))
  t.assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 423, 423, 423, 423])
  t.assert.ok(await lockedBy(place))
})
