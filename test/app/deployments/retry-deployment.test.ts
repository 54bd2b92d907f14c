import { test, type TestContext } from 'node:test'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { requestRollback } from '#app/deployments/request-rollback.ts'
import { retryDeployment, type RetryRequest } from '#app/deployments/retry-deployment.ts'
import type { Ending } from '#executors/contract.ts'
import { craneExecutor, slipped } from '../../engine/crane-executor.ts'
import { kindsAbout } from '../../engine/event-log.ts'
import { ask, liveOf, resultsOf, run } from '../../engine/orders.ts'
import { shelfExecutor } from '../../engine/shelf-executor.ts'
import { ended } from '../../engine/wait-for.ts'
import { hire, warehouse, type Warehouse } from '../../engine/warehouse.ts'
import { refusal } from '../refusal.ts'

async function retry(house: Warehouse, deployment_id: string, terms: Partial<RetryRequest> = {}) {
  const { id } = await retryDeployment(house.as.releaser, { deployment_id, ...terms })
  await ended(house.ctx, id)
  return getDeployment(house.ctx, { deployment_id: id })
}

test('retry is a new deployment of the same revision on the same terms, of the failed items only', async (t: TestContext) => {
  const faultyInPlan = ['b', 'c']
  const house = await warehouse(t, { executors: [shelfExecutor({ faultyInPlan })] })
  const release = await house.release({ a: '1', b: '1', c: '1' })
  const partly = await run(house, release.id, { on_item_failure: 'continue', annotations: { 'x/y': 1 } })
  t.assert.strictEqual(partly.state, 'partly_succeeded')
  await house.pin(release.id, { a: '9', b: '9' })

  faultyInPlan.shift()
  const other = await hire(house.ctx, 'releaser', house.project.id)
  const { id } = await retryDeployment(other, { deployment_id: partly.id, reason: 'once more' })
  await ended(house.ctx, id)
  const again = await getDeployment(house.ctx, { deployment_id: id })
  t.assert.deepStrictEqual(
    [again.state, again.retries, again.revision_id, again.on_item_failure, again.annotations, again.reason],
    ['partly_succeeded', partly.id, partly.revision_id, 'continue', { 'x/y': 1 }, 'once more'],
  )
  t.assert.strictEqual(again.requested_by, other.principal?.user_id, 'its author is who retries')
  t.assert.deepStrictEqual(await resultsOf(house, again.id), [
    ['b', 'publish', null, '1', 'done'],
    ['c', 'publish', null, '1', 'failed'],
  ])
  t.assert.strictEqual((await kindsAbout(house.ctx, again.id))[0], 'deployment.requested')

  faultyInPlan.pop()
  const last = await retry(house, again.id)
  t.assert.deepStrictEqual(await resultsOf(house, last.id), [['c', 'publish', null, '1', 'done']])
  t.assert.deepStrictEqual(await liveOf(house), { a: '1', b: '1', c: '1' })
  t.assert.strictEqual(
    (await refusal(() => retryDeployment(house.as.releaser, { deployment_id: last.id }), 'not_possible_now'))
      .action,
    'be retried',
  )
})

test('what was left because another item failed is retried with it', async (t: TestContext) => {
  const faultyInApply = ['b']
  const house = await warehouse(t, { executors: [shelfExecutor({ faultyInApply })] })
  await run(house, (await house.release({ same: '1' })).id)
  const failed = await run(house, (await house.release({ a: '1', b: '1', same: '1' })).id)
  t.assert.strictEqual(failed.state, 'failed')
  faultyInApply.length = 0
  const again = await retry(house, failed.id)
  t.assert.deepStrictEqual(await resultsOf(house, again.id), [
    ['a', 'publish', null, '1', 'done'],
    ['b', 'publish', null, '1', 'done'],
  ])
})

test('what never had a plan is retried with all that was selected', async (t: TestContext) => {
  let broken = true
  const planning = () => {
    if (broken) throw new Error('not now')
  }
  const house = await warehouse(t, { executors: [shelfExecutor({ planning })] })
  const release = await house.release({ a: '1', b: '1' })
  const failed = await run(house, release.id, { select_keys: ['b'] })
  t.assert.strictEqual(failed.failure_code, 'planning_failed')
  broken = false
  t.assert.strictEqual((await retry(house, failed.id)).state, 'succeeded')
  t.assert.deepStrictEqual(await liveOf(house), { b: '1' })
})

test('what is uncertain is retried, and is certain then', async (t: TestContext) => {
  const told: { ending?: Ending } = { ending: slipped('a') }
  const lift = (): Ending => told.ending ?? { state: 'succeeded' }
  const house = await warehouse(t, { executor: 'crane', executors: [craneExecutor({ lift })] })
  const failed = await run(house, (await house.release({ a: '1', b: '1' })).id)
  delete told.ending
  const again = await retry(house, failed.id)
  t.assert.deepStrictEqual(await resultsOf(house, again.id), [['b', 'publish', null, '1', 'done']])
  t.assert.strictEqual((await run(house, failed.release_id)).state, 'unchanged')
})

test('a retried rollback is that rollback, and leaves the conflicts that it left', async (t: TestContext) => {
  const faultyInPlan: string[] = []
  const house = await warehouse(t, { executors: [shelfExecutor({ faultyInPlan })] })
  const { ctx, as, environment } = house
  await run(house, (await house.release({ a: '1', b: '1', c: '1' })).id)
  const bad = await run(house, (await house.release({ a: '2', b: '2', c: '2' }, 'Bad')).id)
  await run(house, (await house.release({ c: '3' }, 'Since')).id)
  faultyInPlan.push('b')
  const { deployment } = await requestRollback(as.releaser, {
    environment_id: environment.id,
    deployment_id: bad.id,
    on_item_failure: 'continue',
  })
  t.assert.strictEqual((await ended(ctx, deployment.id)).state, 'partly_succeeded')
  faultyInPlan.length = 0
  const again = await retry(house, deployment.id)
  t.assert.deepStrictEqual([again.rolls_back, again.retries], [bad.id, deployment.id])
  t.assert.deepStrictEqual(await resultsOf(house, again.id), [['b', 'publish', '2', '1', 'done']])
  t.assert.deepStrictEqual(await liveOf(house), { a: '1', b: '1', c: '3' })
})

test('a retry is not for what did not fail, nor for who may not deploy, and refuses a busy place if it is to', async (t: TestContext) => {
  const faultyInPlan = ['b']
  const house = await warehouse(t, { executors: [shelfExecutor({ faultyInPlan })] })
  const { as, ctx } = house
  const failed = await run(house, (await house.release({ b: '1' })).id)
  const fine = await run(house, (await house.release({ a: '1' })).id)
  await refusal(() => retryDeployment(as.releaser, { deployment_id: fine.id }), 'not_possible_now')
  await refusal(() => retryDeployment(as.viewer, { deployment_id: failed.id }), 'forbidden')
  await refusal(() => retryDeployment(as.approver, { deployment_id: failed.id }), 'forbidden')
  await refusal(() => retryDeployment(as.releaser, { deployment_id: ctx.newId() }), 'not_found')
  await house.stop()
  await ask(house, (await house.release({ a: '2' })).id)
  const { blockers } = await refusal(
    () => retryDeployment(as.releaser, { deployment_id: failed.id, when_busy: 'refuse' }),
    'blocked',
  )
  t.assert.deepStrictEqual(
    blockers.map(({ code }) => code),
    ['busy'],
  )
})
