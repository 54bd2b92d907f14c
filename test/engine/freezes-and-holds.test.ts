import { test, type TestContext } from 'node:test'
import { asPrincipal } from '#app/context.ts'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { explainGates } from '#app/deployments/explain-gates.ts'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { requestRollback } from '#app/deployments/request-rollback.ts'
import { liftFreeze } from '#app/freezes/lift-freeze.ts'
import { setFreeze } from '#app/freezes/set-freeze.ts'
import { getHold } from '#app/holds/get-hold.ts'
import { releaseHold } from '#app/holds/release-hold.ts'
import { overrideGates } from '#app/overrides/override-gates.ts'
import { updateRelease } from '#app/releases/update-release.ts'
import { refusal } from '../app/refusal.ts'
import { ask, liveOf, run } from './orders.ts'
import { pass } from './quiet-house.ts'
import { shelfExecutor } from './shelf-executor.ts'
import { ended, signal } from './wait-for.ts'
import { warehouse, type Warehouse } from './warehouse.ts'

const place = ({ project, environment }: Warehouse) => ({
  project_id: project.id,
  environment_id: environment.id,
})
const codesOf = async (house: Warehouse, deployment_id: string) => {
  const view = await getDeployment(house.ctx, { deployment_id })
  return [view.state, ...view.blockers.map(({ code }) => code)]
}
const night = { rrule: 'FREQ=DAILY', start: '22:00', duration_minutes: 480, time_zone: 'UTC' }

test('a freeze keeps a deployment waiting until it is over, and says until when', async (t: TestContext) => {
  const house = await warehouse(t)
  const { as, clock, ctx } = house
  const engine = await house.start([shelfExecutor()])
  clock.now = new Date('2026-11-21T23:00:00Z')
  await setFreeze(as.releaser, { ...place(house), name: 'night', rule: night })
  const asked = await ask(house, (await house.release({ a: '1' })).id)
  t.assert.deepStrictEqual(asked.blockers, [
    {
      code: 'freeze',
      detail: 'Environment shelf 1 is frozen. Freeze night is in force until 2026-11-22 06:00 UTC.',
      who: 'an approver or an admin can lift the freeze, or override it for this deployment with a reason',
      opens_at: '2026-11-22T06:00:00.000Z',
    },
  ])
  await refusal(() => ask(house, asked.release_id, { when_shut: 'refuse' }), 'blocked')
  // Contentstack's way: only a lock refuses it.
  const { id: patient } = await ask(house, asked.release_id, { when_shut: 'wait', refuse_if: ['lock'] })
  t.assert.deepStrictEqual(await codesOf(house, patient), ['requested', 'freeze'])
  await cancelDeployment(ctx, { deployment_id: patient })
  t.assert.strictEqual(
    (await run(house, asked.release_id, { dry_run: true })).state,
    'planned',
    'a look is free',
  )
  await engine.sweep()
  t.assert.deepStrictEqual(await codesOf(house, asked.id), ['requested', 'freeze'])
  clock.now = new Date('2026-11-22T06:00:00Z')
  await engine.sweep()
  t.assert.strictEqual((await ended(ctx, asked.id)).state, 'succeeded')
  pass(clock, -3600)
  const later = await ask(house, (await house.release({ a: '2' })).id)
  t.assert.deepStrictEqual(
    await codesOf(house, later.id),
    ['requested', 'freeze'],
    'a clock that goes back freezes',
  )
  const overridden = { deployment_id: later.id, gates: ['freeze'] as const, reason: 'must be' }
  await overrideGates(as.approver, overridden)
  t.assert.strictEqual((await ended(ctx, later.id)).state, 'succeeded')
  const release = await house.release({ a: '3' })
  const override = { gates: ['freeze'] as const, reason: 'must be' }
  await refusal(() => ask(house, release.id, { override }), 'forbidden')
  const both = asPrincipal(ctx, { ...as.releaser.principal!, grants: [{ project_id: null, role: 'admin' }] })
  const { id } = await ask(house, release.id, { override }, both)
  t.assert.strictEqual((await ended(ctx, id)).state, 'succeeded')
})

test('a freeze that begins while it is queued or planned keeps it in the queue, and others’ environments go on', async (t: TestContext) => {
  const house = await warehouse(t, { environments: 2 })
  const { as, ctx } = house
  const [planning, go] = [signal(), signal()]
  let first = true
  await house.start([
    shelfExecutor({
      async planning() {
        if (!first) return
        first = false
        planning.give()
        await go.promise
      },
    }),
  ])
  const release = await house.release({ a: '1' })
  const planned = await ask(house, release.id)
  await planning.promise
  const queued = await ask(house, (await house.release({ a: '2' })).id)
  const { id: freeze_id } = await setFreeze(as.releaser, { ...place(house), reason: 'fire' })
  go.give()
  for (let state = 'planning'; state === 'planning';) [state = ''] = await codesOf(house, planned.id)
  t.assert.deepStrictEqual(await codesOf(house, planned.id), ['queued', 'freeze'])
  t.assert.deepStrictEqual(await codesOf(house, queued.id), ['queued', 'freeze'])
  const elsewhere = await ask(house, release.id, { environment_ids: [house.environments[1]!.id] })
  t.assert.strictEqual((await ended(ctx, elsewhere.id)).state, 'succeeded')
  await refusal(
    () => liftFreeze(as.releaser, { project_id: house.project.id, freeze_id, reason: 'x' }),
    'forbidden',
  )
  await liftFreeze(as.approver, { project_id: house.project.id, freeze_id, reason: 'it is out' })
  await ended(ctx, planned.id)
  await ended(ctx, queued.id)
  t.assert.deepStrictEqual(await liveOf(house), { a: '2' }, 'each in its turn')
})

test('a freeze of the project stops all its environments', async (t: TestContext) => {
  const house = await warehouse(t, { environments: 2 })
  const { as, project, environments, clock } = house
  const expires_at = new Date(clock.now.getTime() + 3_600_000)
  await refusal(() => setFreeze(as.releaser, { project_id: project.id }), 'invalid')
  await refusal(() => setFreeze(as.viewer, { project_id: project.id, reason: 'x' }), 'forbidden')
  const bound = asPrincipal(house.ctx, {
    ...as.releaser.principal!,
    environment_ids: [environments[0]!.id],
  })
  await refusal(() => setFreeze(bound, { project_id: project.id, reason: 'x' }), 'forbidden')
  await setFreeze(as.releaser, { project_id: project.id, reason: 'fire', expires_at })
  const release = await house.release({ a: '1' })
  for (const { id } of environments) {
    const { blockers } = await ask(house, release.id, { environment_ids: [id] })
    t.assert.deepStrictEqual(
      blockers.map(({ code, opens_at }) => [code, opens_at]),
      [['freeze', expires_at.toISOString()]],
    )
  }
})

test('why tells every gate, who can open it, the earliest time and the place, also for a moment in the future', async (t: TestContext) => {
  const house = await warehouse(t)
  const { as, clock, ctx } = house
  await setFreeze(as.releaser, { ...place(house), name: 'night', rule: night })
  const release = await house.release({ a: '1' })
  await updateRelease(as.releaser, { project_id: house.project.id, release_id: release.id, locked: true })
  const asked = { ...place(house), release_id: release.id }
  const now = await explainGates(as.viewer, asked)
  t.assert.deepStrictEqual(
    now.gates.map(({ code, open }) => [code, open]),
    [
      ['schedule', true],
      ['lock', false],
      ['freeze', true],
      ['hold', true],
      ['parent', true],
      ['pick', true],
      ['approval', true],
      ['busy', true],
    ],
  )
  t.assert.deepStrictEqual([now.opens_at, now.place], [null, 0])
  await updateRelease(as.approver, { project_id: house.project.id, release_id: release.id, locked: false })
  t.assert.strictEqual((await explainGates(as.viewer, asked)).opens_at, clock.now.toISOString())
  const tonight = await explainGates(as.viewer, { ...asked, at: new Date('2026-11-21T22:30:00Z') })
  t.assert.deepStrictEqual(
    [tonight.blockers.map(({ code }) => code), tonight.opens_at],
    [['freeze'], '2026-11-22T06:00:00.000Z'],
  )
  // Scheduled into the night: it opens in the morning.
  const due_at = new Date('2026-11-21T23:30:00Z')
  const { id: deployment_id } = await ask(house, release.id, { due_at })
  const scheduled = await explainGates(as.viewer, { ...place(house), deployment_id })
  t.assert.deepStrictEqual(
    [scheduled.blockers.map(({ code }) => code), scheduled.opens_at],
    [['schedule'], '2026-11-22T06:00:00.000Z'],
  )
  await cancelDeployment(ctx, { deployment_id })
  await ask(house, release.id)
  const second = await ask(house, release.id)
  t.assert.strictEqual((await explainGates(as.viewer, asked)).place, 2)
  const behind = await explainGates(as.viewer, { ...place(house), deployment_id: second.id })
  t.assert.deepStrictEqual([behind.place, behind.blockers.map(({ code }) => code)], [1, ['busy']])
  await refusal(() => explainGates(as.viewer, { ...asked, deployment_id: second.id }), 'invalid')
  await refusal(() => explainGates(as.viewer, { ...place(house), deployment_id }), 'not_possible_now')
})

test('a rollback sets a hold on its environment, which stops automation and the revision it names', async (t: TestContext) => {
  const house = await warehouse(t)
  const { as, ctx, environment, clock } = house
  const engine = await house.start([shelfExecutor()])
  await run(house, (await house.release({ a: '1' })).id)
  const bad = await house.release({ a: '2' })
  await run(house, bad.id)
  await requestRollback(as.releaser, { environment_id: environment.id, dry_run: true })
  t.assert.strictEqual(await getHold(as.viewer, place(house)), undefined, 'a look holds nothing')
  const { deployment: back } = await requestRollback(as.releaser, {
    environment_id: environment.id,
    reason: 'broken',
  })
  await ended(ctx, back.id)
  t.assert.deepStrictEqual(await liveOf(house), { a: '1' })
  const hold = await getHold(as.viewer, place(house))
  t.assert.deepStrictEqual(
    [hold?.reason, hold?.deployment_id, hold?.set_by],
    ['broken', back.id, 'The releaser'],
  )

  const again = await ask(house, bad.id)
  t.assert.deepStrictEqual(
    again.blockers.map(({ code }) => code),
    ['hold'],
  )
  t.assert.match(again.blockers[0]!.detail, /held since .*: broken\. This is what was rolled back from\.$/)
  // The same items in another release are the same revision.
  const twin = await ask(house, (await house.release({ a: '2' }, 'Twin')).id)
  t.assert.deepStrictEqual(await codesOf(house, twin.id), ['requested', 'hold'])
  const other = await house.release({ b: '1' })
  const due_at = new Date(clock.now.getTime() + 60_000)
  const scheduled = await ask(house, other.id, { due_at })
  const agent = asPrincipal(ctx, { ...as.releaser.principal!, kind: 'agent' })
  const byAgent = await ask(house, other.id, {}, agent)
  const byHeadgate = await ask(house, other.id, {}, ctx)
  pass(clock, 60)
  await engine.sweep()
  for (const { id } of [scheduled, byAgent, byHeadgate])
    t.assert.deepStrictEqual(await codesOf(house, id), ['requested', 'hold'])
  t.assert.strictEqual(
    (await run(house, other.id)).state,
    'succeeded',
    'what a person asks for, and it does not name',
  )
  await overrideGates(as.approver, { deployment_id: twin.id, gates: ['hold'], reason: 'it is mended' })
  t.assert.strictEqual((await ended(ctx, twin.id)).state, 'succeeded')
  await refusal(() => releaseHold(as.releaser, { ...place(house), reason: 'x' }), 'forbidden')
  await releaseHold(as.approver, { ...place(house), reason: 'mended' })
  for (const { id } of [again, scheduled, byAgent, byHeadgate]) await ended(ctx, id)
  await refusal(() => releaseHold(as.approver, { ...place(house), reason: 'x' }), 'not_found')
})

test('a rollback always passes the hold, and renames it; a freeze still stops it', async (t: TestContext) => {
  const house = await warehouse(t)
  const { as, ctx, environment } = house
  await house.start([shelfExecutor()])
  await run(house, (await house.release({ a: '1' })).id)
  const second = await run(house, (await house.release({ a: '2' })).id)
  const rollBack = async (deployment_id: string) => {
    const { deployment } = await requestRollback(as.releaser, {
      environment_id: environment.id,
      deployment_id,
    })
    await ended(ctx, deployment.id)
    return getDeployment(ctx, { deployment_id: deployment.id })
  }
  const named = async () => (await getHold(ctx, place(house)))?.revision_ids
  const back = await rollBack(second.id)
  t.assert.deepStrictEqual(await named(), [second.revision_id])
  const forth = await rollBack(back.id)
  t.assert.deepStrictEqual([forth.state, await liveOf(house)], ['succeeded', { a: '2' }])
  t.assert.deepStrictEqual(await named(), [back.revision_id])
  await setFreeze(as.releaser, { ...place(house), reason: 'fire' })
  const { deployment: frozen } = await requestRollback(as.releaser, {
    ...{ environment_id: environment.id, deployment_id: forth.id },
  })
  t.assert.deepStrictEqual(await codesOf(house, frozen.id), ['requested', 'freeze'])
})
