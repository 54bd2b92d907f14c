import { test, type TestContext } from 'node:test'
import { approveDeployment } from '#app/approvals/approve-deployment.ts'
import { rejectDeployment } from '#app/approvals/reject-deployment.ts'
import { asPrincipal, type Context } from '#app/context.ts'
import { explainGates } from '#app/deployments/explain-gates.ts'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { liftFreeze } from '#app/freezes/lift-freeze.ts'
import { setFreeze } from '#app/freezes/set-freeze.ts'
import { overrideGates } from '#app/overrides/override-gates.ts'
import { insertRoleGrants } from '#store/role-grant.ts'
import { refusal } from '../app/refusal.ts'
import { awaiting, carefulHouse } from './careful-house.ts'
import { ask, liveOf } from './orders.ts'
import { pass } from './quiet-house.ts'
import { ended } from './wait-for.ts'

const careful = carefulHouse()

test('approval of N people, not the author, bound to the plan’s digest', async (t: TestContext) => {
  const { house, another } = await careful(2)
  const { as, ctx } = house
  const { id, plan_digest, view, deployment_id } = await awaiting(house, { a: '1' })
  t.assert.deepStrictEqual(
    [view.approval?.needed, view.approval?.given, view.blockers.map(({ code }) => code)],
    [2, 0, ['approval']],
  )
  t.assert.deepStrictEqual(view.allowed_actions, ['approve', 'reject', 'cancel', 'override'])
  const answer = { deployment_id, plan_digest }
  const once = await approveDeployment(as.approver, answer)
  const twice = await approveDeployment(as.approver, answer)
  t.assert.deepStrictEqual(
    [once.approval?.given, twice.approval?.given, twice.state],
    [1, 1, 'awaiting_approval'],
  )
  const stale = { deployment_id, plan_digest: `sha256:${'0'.repeat(64)}` }
  await refusal(() => approveDeployment(another, stale), 'plan_stale')
  await approveDeployment(another, answer)
  t.assert.strictEqual((await ended(ctx, id)).state, 'succeeded')
  t.assert.deepStrictEqual(await liveOf(house), { a: '1' })
  await refusal(() => approveDeployment(another, answer), 'not_possible_now')
})

test('an agent never approves, nor does the author, nor a token that belongs to nobody', async (t: TestContext) => {
  const { house } = await careful()
  const { ctx, as } = house
  const both: Context = asPrincipal(ctx, {
    ...as.releaser.principal!,
    grants: [{ project_id: null, role: 'admin' }],
  })
  const { id: deployment_id, plan_digest } = await awaiting(house, { a: '1' })
  const answer = { deployment_id, plan_digest }
  const approver = as.approver.principal!
  const nobodys = [
    both,
    asPrincipal(ctx, { ...both.principal!, kind: 'service', token_id: ctx.newId() }),
    asPrincipal(ctx, { ...approver, kind: 'agent' }),
    asPrincipal(ctx, { ...approver, kind: 'service', user_id: null }),
    ctx,
    as.releaser,
  ]
  for (const one of nobodys) await refusal(() => approveDeployment(one, answer), 'forbidden')
  t.assert.strictEqual((await getDeployment(ctx, { deployment_id })).approval?.given, 0)
})

test('rejecting is one voice and no failure, and lets the next one in', async (t: TestContext) => {
  const { house } = await careful(2)
  const { as, ctx } = house
  const first = await awaiting(house, { a: '1' })
  const next = await ask(house, (await house.release({ a: '2' })).id, { dry_run: true })
  const { id: deployment_id, plan_digest } = first
  const rejected = await rejectDeployment(as.approver, { deployment_id, plan_digest, reason: 'not today' })
  t.assert.deepStrictEqual(
    [rejected.state, rejected.failure_code, rejected.allowed_actions],
    ['rejected', null, []],
  )
  t.assert.strictEqual((await ended(ctx, next.id)).state, 'planned')
  t.assert.deepStrictEqual(await liveOf(house), {})
})

test('of two who answer at the same instant, one rejecting, exactly one is heard', async (t: TestContext) => {
  const { house, another } = await careful()
  const { as, ctx } = house
  for (let round = 1; round <= 5; round += 1) {
    const { id: deployment_id, plan_digest } = await awaiting(house, { a: String(round) })
    const answer = { deployment_id, plan_digest }
    const heard = await Promise.allSettled([
      approveDeployment(as.approver, answer),
      rejectDeployment(another, answer),
    ])
    t.assert.strictEqual(heard.filter(({ status }) => status === 'fulfilled').length, 1)
    const { state } = await ended(ctx, deployment_id)
    t.assert.strictEqual(state, heard[0].status === 'fulfilled' ? 'succeeded' : 'rejected')
  }
})

test('two approvers at the same instant are two', async (t: TestContext) => {
  const { house, another } = await careful(2)
  const { as, ctx } = house
  const { id: deployment_id, plan_digest } = await awaiting(house, { a: '1' })
  await Promise.all(
    [as.approver, another].map((one) => approveDeployment(one, { deployment_id, plan_digest })),
  )
  t.assert.strictEqual((await ended(ctx, deployment_id)).state, 'succeeded')
})

test('approving looks at all gates again: it waits on where it would wait, and is refused where it would not', async (t: TestContext) => {
  const { house, sweep } = await careful()
  const { ctx, as, project, environment } = house
  const patient = await awaiting(house, { a: '1' })
  const place = { project_id: project.id, environment_id: environment.id }
  const { id: freeze_id } = await setFreeze(as.releaser, { ...place, reason: 'the site is on fire' })
  const frozen = await approveDeployment(as.approver, patient)
  t.assert.deepStrictEqual(
    [frozen.state, frozen.approval?.given, frozen.blockers.map(({ code }) => code)],
    ['awaiting_approval', 1, ['freeze']],
  )
  pass(house.clock, 7200)
  await sweep()
  t.assert.strictEqual((await getDeployment(ctx, patient)).state, 'awaiting_approval', 'it was answered')
  await liftFreeze(as.approver, { project_id: project.id, freeze_id, reason: 'it is out' })
  t.assert.strictEqual((await ended(ctx, patient.id)).state, 'succeeded')

  const strict = await awaiting(house, { a: '2' }, { when_shut: 'refuse' })
  await setFreeze(as.releaser, { ...place, reason: 'again' })
  const { blockers } = await refusal(() => approveDeployment(as.approver, strict), 'blocked')
  t.assert.deepStrictEqual(
    blockers.map(({ code }) => code),
    ['freeze'],
  )
  t.assert.strictEqual((await getDeployment(ctx, strict)).approval?.given, 0, 'nothing was recorded')
})

test('what has changed since it was planned is not applied: what was approved is what runs', async (t: TestContext) => {
  const { house } = await careful()
  const { ctx, as, environment } = house
  const { id: deployment_id, plan_digest } = await awaiting(house, { a: '1' })
  await ctx.db
    .insertInto('live')
    .values({
      environment_id: environment.id,
      item_key: 'a',
      kind: 'box',
      title: 'Box a',
      version: '7',
      updated_at: ctx.now(),
    })
    .execute()
  await approveDeployment(as.approver, { deployment_id, plan_digest })
  const done = await ended(ctx, deployment_id)
  t.assert.deepStrictEqual([done.state, done.failure_code], ['failed', 'plan_stale'])
  t.assert.deepStrictEqual(await liveOf(house), { a: '7' })
})

test('an override needs the right and a reason, and is an event', async (t: TestContext) => {
  const { house } = await careful()
  const { ctx, as } = house
  const { id: deployment_id } = await awaiting(house, { a: '1' })
  const wish = { deployment_id, gates: ['approval'] as const, reason: 'the shop is down' }
  await refusal(() => overrideGates(as.releaser, wish), 'forbidden')
  await refusal(() => overrideGates(as.approver, { ...wish, reason: ' ' }), 'invalid')
  await refusal(() => overrideGates(as.approver, { ...wish, gates: ['busy'] }), 'invalid')
  const agent = asPrincipal(ctx, { ...as.approver.principal!, kind: 'agent' })
  await refusal(() => overrideGates(agent, wish), 'forbidden')
  await overrideGates(as.approver, wish)
  t.assert.strictEqual((await ended(ctx, deployment_id)).state, 'succeeded')
  const told = await ctx.db
    .selectFrom('event')
    .selectAll()
    .where('kind', '=', 'gate.overridden')
    .where('subject_id', '=', deployment_id)
    .execute()
  t.assert.deepStrictEqual(
    told.map(({ reason, data, subject_id }) => [reason, data, subject_id]),
    [['the shop is down', { gates: ['approval'] }, deployment_id]],
  )
})

test('a token’s why tells how many are needed and who can give them', async (t: TestContext) => {
  const { house } = await careful(2)
  const { as, ctx, project, environment } = house
  const { id: deployment_id } = await awaiting(house, { a: '1' })
  await insertRoleGrants(
    ctx.db,
    (['viewer', 'approver', 'admin'] as const).map((role) => ({
      ...{ user_id: as[role].principal!.user_id!, project_id: project.id, role, created_at: ctx.now() },
    })),
  )
  const place = { project_id: project.id, environment_id: environment.id }
  const why = await explainGates(as.viewer, { ...place, deployment_id })
  t.assert.deepStrictEqual(why.approvals, { needed: 2, given: 0 })
  const [blocker] = why.blockers
  t.assert.strictEqual(blocker?.code, 'approval')
  t.assert.match(blocker.who, /\(The admin, The approver\)$/)
  t.assert.strictEqual(why.place, 0)
})
