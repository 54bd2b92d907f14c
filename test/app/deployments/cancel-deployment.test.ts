import { test, type TestContext } from 'node:test'
import { asPrincipal, type Context } from '#app/context.ts'
import { applyInStore } from '#app/deployments/apply-plan.ts'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { claimDeployment } from '#app/deployments/claim-deployment.ts'
import { recordPlan } from '#app/deployments/record-plan.ts'
import { stopDeployment } from '#app/deployments/stop-deployment.ts'
import { planChanges } from '#domain/plan.ts'
import { states, type DeploymentState } from '#domain/lifecycle.ts'
import type { Principal } from '#domain/principal.ts'
import { kindsAbout, readEvents } from '../../engine/event-log.ts'
import { ask, liveOf } from '../../engine/orders.ts'
import { warehouse } from '../../engine/warehouse.ts'
import { answerOf, refusal } from '../refusal.ts'

/** What canceling leads to, state by state; from all others it is refused. */
const leadsTo: Partial<Record<DeploymentState, DeploymentState>> = {
  requested: 'canceled',
  queued: 'canceled',
  awaiting_approval: 'canceled',
  planning: 'canceling',
  applying: 'canceling',
}

test('canceling, from every state', async (t: TestContext) => {
  const house = await warehouse(t)
  const { ctx, as, clock } = house
  const release = await house.release({ a: '1' })
  for (const state of states) {
    const { id } = await ask(house, release.id)
    await ctx.db.updateTable('deployment').set({ state }).where('id', '=', id).execute()
    const cancel = () => cancelDeployment(as.releaser, { deployment_id: id, reason: 'changed my mind' })
    const to = leadsTo[state]
    if (!to) {
      const refused = { what: 'deployment', id, state, action: 'cancel' }
      t.assert.deepStrictEqual(await refusal(cancel, 'not_possible_now'), refused)
    } else {
      const view = await cancel()
      t.assert.strictEqual(view.state, to, state)
      t.assert.deepStrictEqual(view.finished_at, to === 'canceled' ? clock.now : null)
      const event = (await readEvents(ctx)).at(-1)
      t.assert.deepStrictEqual(
        [event?.kind, event?.reason, event?.actor.name, event?.subject_id],
        [
          `deployment.${to === 'canceled' ? 'canceled' : 'cancel_requested'}`,
          'changed my mind',
          as.releaser.principal?.name,
          id,
        ],
      )
    }
    await ctx.db.deleteFrom('deployment').where('id', '=', id).execute()
  }
})

test('what was applying when it was canceled is taken back, and the place is free again', async (t: TestContext) => {
  const house = await warehouse(t)
  const { ctx, as, environment } = house
  const release = await house.release({ a: '1' })
  const { id } = await ask(house, release.id)
  const next = await ask(house, release.id)
  const work = (await claimDeployment(ctx, environment.id))!
  const plan = (await recordPlan(ctx, work, planChanges(work.task)))!
  await cancelDeployment(as.releaser, { deployment_id: id })
  t.assert.strictEqual(await claimDeployment(ctx, environment.id), undefined)
  t.assert.strictEqual(await applyInStore(ctx, work, plan, async () => []), false)
  t.assert.deepStrictEqual(await liveOf(house), {})
  t.assert.strictEqual(await stopDeployment(ctx, work), true)
  t.assert.strictEqual(await stopDeployment(ctx, work), false)
  t.assert.deepStrictEqual((await kindsAbout(ctx, id)).slice(-2), [
    'deployment.cancel_requested',
    'deployment.canceled',
  ])
  t.assert.strictEqual((await claimDeployment(ctx, environment.id))?.id, next.id)
})

test("one's own is a releaser's to cancel, any other an approver's", async (t: TestContext) => {
  const house = await warehouse(t)
  const { ctx, as } = house
  const release = await house.release({ a: '1' })
  const change = (who: Context, principal: Partial<Principal>) =>
    asPrincipal(ctx, { ...who.principal!, ...principal })
  const cancels = async (requester: Context, canceler: Context) => {
    const { id } = await ask(house, release.id, {}, requester)
    return answerOf(() => cancelDeployment(canceler, { deployment_id: id }))
  }
  t.assert.strictEqual(await cancels(as.releaser, as.releaser), 'done')
  t.assert.strictEqual(await cancels(as.admin, as.releaser), 'forbidden')
  t.assert.strictEqual(await cancels(as.releaser, as.approver), 'done')
  t.assert.strictEqual(await cancels(as.releaser, as.admin), 'done')
  t.assert.strictEqual(await cancels(as.releaser, as.viewer), 'forbidden')
  t.assert.strictEqual(
    await cancels(ctx, as.releaser),
    'forbidden',
    "what Headgate asked for is nobody's own",
  )

  const promoted = change(as.releaser, { grants: as.approver.principal!.grants })
  t.assert.strictEqual(
    await cancels(as.releaser, promoted),
    'done',
    'who may cancel any may cancel their own',
  )
  const narrowed = change(as.admin, { scopes: ['deployment.cancel_any'] })
  t.assert.strictEqual(await cancels(as.admin, narrowed), 'done')
  const own = change(as.admin, { scopes: ['deployment.cancel_own'] })
  t.assert.strictEqual(await cancels(as.admin, own), 'done')
  t.assert.strictEqual(await cancels(as.releaser, own), 'not_found')
})

test('a token that belongs to nobody cancels what it asked for itself, and not what another one did', async (t: TestContext) => {
  const house = await warehouse(t)
  const { ctx, as } = house
  const release = await house.release({ a: '1' })
  const token = async (name: string) => {
    const token_id = ctx.newId()
    const at = ctx.now()
    const row = {
      id: token_id,
      user_id: null,
      project_id: house.project.id,
      environment_ids: null,
      branches: null,
    }
    await ctx.db
      .insertInto('token')
      .values({
        ...row,
        kind: 'service',
        name,
        secret_sha256: Buffer.from(name),
        scopes: ['*'],
        expires_at: null,
        created_at: at,
        updated_at: at,
      })
      .execute()
    return asPrincipal(ctx, { ...as.releaser.principal!, kind: 'service', user_id: null, token_id, name })
  }
  const [one, two] = [await token('one'), await token('two')]
  const { id } = await ask(house, release.id, {}, one)
  t.assert.strictEqual(await answerOf(() => cancelDeployment(two, { deployment_id: id })), 'forbidden')
  t.assert.strictEqual(await answerOf(() => cancelDeployment(one, { deployment_id: id })), 'done')
})

test('there is nothing to cancel under an unknown id', async (t: TestContext) => {
  const { as, ctx } = await warehouse(t)
  const deployment_id = ctx.newId()
  const unknown = { what: 'deployment', id: deployment_id }
  t.assert.deepStrictEqual(
    await refusal(() => cancelDeployment(as.admin, { deployment_id }), 'not_found'),
    unknown,
  )
})
