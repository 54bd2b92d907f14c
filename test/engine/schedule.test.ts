import { test, type TestContext } from 'node:test'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { getPlan } from '#app/deployments/get-plan.ts'
import { planAhead } from '#app/deployments/plan-ahead.ts'
import { updateRelease } from '#app/releases/update-release.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import type { MisfirePolicy } from '#domain/misfire.ts'
import { pass } from './quiet-house.ts'
import { kindsAbout, readEvents } from './event-log.ts'
import { ask, liveOf, run } from './orders.ts'
import { shelfExecutor } from './shelf-executor.ts'
import { ended, reached } from './wait-for.ts'
import { warehouse } from './warehouse.ts'

const inAnHour = (now: Date) => new Date(now.getTime() + 3_600_000)

test('a scheduled deployment waits for its time, and starts when the clock says so', async (t: TestContext) => {
  const house = await warehouse(t)
  const engine = await house.start([shelfExecutor()])
  const due_at = inAnHour(house.clock.now)
  const asked = await ask(house, (await house.release({ a: '1' })).id, { due_at })
  t.assert.strictEqual(asked.state, 'requested')
  t.assert.strictEqual(asked.queued_at, null)
  t.assert.deepStrictEqual(
    asked.blockers.map(({ code, opens_at }) => [code, opens_at]),
    [['schedule', due_at.toISOString()]],
  )
  pass(house.clock, 3599)
  await engine.sweep()
  t.assert.strictEqual((await getDeployment(house.ctx, { deployment_id: asked.id })).state, 'requested')
  pass(house.clock, 1)
  await engine.sweep()
  const done = await ended(house.ctx, asked.id)
  t.assert.strictEqual(done.state, 'succeeded')
  t.assert.deepStrictEqual(done.queued_at, due_at)
  t.assert.deepStrictEqual(await liveOf(house), { a: '1' })
  t.assert.deepStrictEqual(await kindsAbout(house.ctx, asked.id), [
    'deployment.requested',
    'deployment.queued',
    'deployment.started',
    'deployment.planned',
    'deployment.succeeded',
  ])
})

test('a time that has passed means now', async (t: TestContext) => {
  const house = await warehouse(t, { executors: [shelfExecutor()] })
  const due_at = new Date(house.clock.now.getTime() - 86_400_000)
  const done = await run(house, (await house.release({ a: '1' })).id, { due_at, misfire: { policy: 'skip' } })
  t.assert.strictEqual(done.state, 'succeeded')
})

test('one that waits for its time holds up nobody', async (t: TestContext) => {
  const house = await warehouse(t)
  const engine = await house.start([shelfExecutor()])
  const later = await ask(house, (await house.release({ a: '1' })).id, { due_at: inAnHour(house.clock.now) })
  t.assert.strictEqual((await run(house, (await house.release({ a: '2' }, 'Now')).id)).state, 'succeeded')
  pass(house.clock, 3600)
  await engine.sweep()
  t.assert.strictEqual((await ended(house.ctx, later.id)).state, 'succeeded')
  t.assert.deepStrictEqual(await liveOf(house), { a: '1' })
})

const late: [string, MisfirePolicy, number, 'succeeded' | 'expired'][] = [
  [
    'by the default whenever it can',
    { policy: 'run', late_by_at_most_seconds: null },
    1_000_000,
    'succeeded',
  ],
  ['within a minute even if it would be skipped', { policy: 'skip' }, 60, 'succeeded'],
  ['no more when it shall be skipped', { policy: 'skip' }, 61, 'expired'],
  ['as late as it may be', { policy: 'run', late_by_at_most_seconds: 600 }, 600, 'succeeded'],
  ['no more when it is later than that', { policy: 'run', late_by_at_most_seconds: 600 }, 601, 'expired'],
]
test('a deployment that missed its time starts, or says why not', async (t: TestContext) => {
  const house = await warehouse(t, { environments: late.length })
  const then = new Date(house.clock.now.getTime() + 100 * 86_400_000)
  const asked = []
  for (const [n, [how, misfire, seconds, state]] of late.entries()) {
    const due_at = new Date(then.getTime() - seconds * 1000)
    const environment_ids = [house.environments[n]!.id]
    const { id } = await ask(house, (await house.release({ a: '1' })).id, {
      due_at,
      misfire,
      environment_ids,
    })
    asked.push({ id, how, state, due_at, environment_id: environment_ids[0]! })
  }
  // Nobody worked when their time came.
  house.clock.now = then
  await house.start([shelfExecutor()])
  for (const { id, how, state, due_at, environment_id } of asked) {
    const end = await ended(house.ctx, id)
    t.assert.strictEqual(end.state, state, how)
    t.assert.deepStrictEqual(await liveOf(house, environment_id), state === 'expired' ? {} : { a: '1' }, how)
    if (state !== 'expired') continue
    const sentence = `It was due at ${due_at.toISOString()} and could not start until ${then.toISOString()}.`
    t.assert.deepStrictEqual(
      [end.failure_code, end.failure_detail, end.finished_at],
      ['missed', sentence, then],
    )
    const expired = (await readEvents(house.ctx)).find((event) => event.subject_id === id && event.reason)
    t.assert.deepStrictEqual([expired?.kind, expired?.reason], ['deployment.expired', sentence])
  }
})

test('schedules survive a stop of the engine', async (t: TestContext) => {
  const house = await warehouse(t, { executors: [shelfExecutor()] })
  const asked = await ask(house, (await house.release({ a: '1' })).id, { due_at: inAnHour(house.clock.now) })
  await house.stop()
  const engine = await house.start([shelfExecutor()])
  await engine.sweep()
  t.assert.strictEqual((await getDeployment(house.ctx, { deployment_id: asked.id })).state, 'requested')
  pass(house.clock, 3600)
  await engine.sweep()
  t.assert.strictEqual((await ended(house.ctx, asked.id)).state, 'succeeded')
})

test('a release that a user locked waits, and is let in when it is unlocked', async (t: TestContext) => {
  const house = await warehouse(t, { executors: [shelfExecutor()] })
  const { ctx, as, project } = house
  const release = await house.release({ a: '1' })
  const lock = { project_id: project.id, release_id: release.id }
  await updateRelease(as.releaser, { ...lock, locked: true })
  const asked = await ask(house, release.id)
  t.assert.strictEqual(asked.state, 'requested')
  const waiting = await getDeployment(ctx, { deployment_id: asked.id })
  t.assert.deepStrictEqual(waiting.blockers, [
    {
      code: 'lock',
      detail: 'Release Spring was locked by The releaser.',
      who: 'an approver or an admin can unlock the release',
      opens_at: null,
    },
  ])
  t.assert.deepStrictEqual(asked.blockers, waiting.blockers, 'and says so at once')
  await updateRelease(as.admin, { ...lock, locked: false })
  t.assert.strictEqual((await ended(ctx, asked.id)).state, 'succeeded', 'without a sweep')
})

test('a schedule whose release is locked at its time goes when it is unlocked, or misses it', async (t: TestContext) => {
  const house = await warehouse(t)
  const engine = await house.start([shelfExecutor()])
  const { ctx, as, project } = house
  const release = await house.release({ a: '1' })
  const due_at = inAnHour(house.clock.now)
  const patient = await ask(house, release.id, { due_at })
  const strict = await ask(house, release.id, { due_at, misfire: { policy: 'skip' } })
  await updateRelease(as.releaser, { project_id: project.id, release_id: release.id, locked: true })
  const codes = async (deployment_id: string) =>
    (await getDeployment(ctx, { deployment_id })).blockers.map(({ code }) => code)
  t.assert.deepStrictEqual(await codes(patient.id), ['schedule', 'lock'])

  pass(house.clock, 3600)
  await engine.sweep()
  t.assert.deepStrictEqual(await codes(patient.id), ['lock'])
  t.assert.deepStrictEqual(await codes(strict.id), ['lock'])
  pass(house.clock, 61)
  await engine.sweep()
  t.assert.strictEqual((await ended(ctx, strict.id)).state, 'expired')
  await updateRelease(as.admin, { project_id: project.id, release_id: release.id, locked: false })
  t.assert.strictEqual((await ended(ctx, patient.id)).state, 'succeeded')
})

test('a scheduled deployment is planned when it is asked for, and again at its time', async (t: TestContext) => {
  const house = await warehouse(t)
  const engine = await house.start([shelfExecutor()])
  const asked = await ask(house, (await house.release({ a: '1' })).id, { due_at: inAnHour(house.clock.now) })
  const plan = async () => getPlan(house.ctx, { deployment_id: asked.id })
  let ahead = await plan()
  for (let tries = 0; !ahead && tries < 500; tries += 1) {
    await sleep(10)
    ahead = await plan()
  }
  t.assert.deepStrictEqual(
    ahead?.changes.map(({ action, before, after }) => [action, before, after]),
    [['publish', null, '1']],
  )
  t.assert.strictEqual((await reached(house.ctx, asked.id, 'requested')).state, 'requested')
  await run(house, (await house.release({ a: '2' }, 'Meanwhile')).id)
  pass(house.clock, 3600)
  await engine.sweep()
  await ended(house.ctx, asked.id)
  const then = await plan()
  t.assert.notStrictEqual(then?.id, ahead?.id)
  t.assert.notStrictEqual(then?.digest, ahead?.digest)
  t.assert.deepStrictEqual(
    then?.changes.map(({ action, before, after }) => [action, before, after]),
    [['publish', '2', '1']],
  )
})

test('any number of waiting deployments is looked at, whatever waits before them', async (t: TestContext) => {
  const house = await warehouse(t)
  const engine = await house.start([shelfExecutor()])
  const { as, project } = house
  const locked = await house.release({ a: '1' }, 'Locked')
  await updateRelease(as.releaser, { project_id: project.id, release_id: locked.id, locked: true })
  const { id } = await ask(house, locked.id)
  // As many more as one look takes, all of which no clock can let in.
  const { number: _, ...row } = await house.ctx.db
    .selectFrom('deployment')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const copies = Array.from({ length: 501 }, () => ({
    ...row,
    id: house.ctx.newId(),
    misfire: JSON.stringify(row.misfire),
    counts: '{}',
    annotations: '{}',
  }))
  await house.ctx.db.insertInto('deployment').values(copies).execute()
  const asked = await ask(house, (await house.release({ a: '2' })).id, { due_at: inAnHour(house.clock.now) })
  pass(house.clock, 3600)
  await engine.sweep()
  t.assert.strictEqual((await ended(house.ctx, asked.id)).state, 'succeeded')
})

test('what cannot be planned ahead says so at its time, and has no plan until then', async (t: TestContext) => {
  let tries = 0
  const planning = () => {
    tries += 1
    throw new Error('broken')
  }
  const house = await warehouse(t)
  const engine = await house.start([shelfExecutor({ planning })])
  const due_at = inAnHour(house.clock.now)
  const broken = await ask(house, (await house.release({ a: '1' })).id, { due_at })
  for (let waits = 0; tries === 0 && waits < 500; waits += 1) await sleep(10)
  t.assert.strictEqual(await getPlan(house.ctx, { deployment_id: broken.id }), undefined)
  pass(house.clock, 3600)
  await engine.sweep()
  t.assert.strictEqual((await ended(house.ctx, broken.id)).failure_code, 'planning_failed')
})

test('what nobody can plan has no empty plan', async (t: TestContext) => {
  const house = await warehouse(t, { executor: 'robot', executors: [] })
  const asked = await ask(house, (await house.release({ a: '1' })).id, { due_at: inAnHour(house.clock.now) })
  await planAhead(house.ctx, asked.id, async () => undefined)
  await sleep(300)
  t.assert.strictEqual(await getPlan(house.ctx, { deployment_id: asked.id }), undefined)
})
