import { test, type TestContext } from 'node:test'
import { claimDeployment } from '#app/deployments/claim-deployment.ts'
import { handOver } from '#app/deployments/hand-over.ts'
import { recordPlan } from '#app/deployments/record-plan.ts'
import { requireDeployment } from '#app/deployments/deployment-view.ts'
import { planChanges } from '#domain/plan.ts'
import { runExecutor } from '#engine/run-executor.ts'
import { commandExecutor } from '#executors/command/index.ts'
import { ask } from '../../engine/orders.ts'
import { warehouse } from '../../engine/warehouse.ts'
import { setExecutor } from './command-house.ts'

test('a command whose place is lost while it runs (PostgreSQL went away) is ended, and its job is tried again and says so', async (t: TestContext) => {
  const house = await warehouse(t, { executor: 'command' })
  const { ctx, environment, logger } = house
  const settings = { command: ['/bin/sleep', '300'], timeout_seconds: 60 }
  await setExecutor(ctx.db, environment.id, 'command', settings)
  const { id } = await ask(house, (await house.release({ a: '1' })).id)
  const work = (await claimDeployment(ctx, environment.id))!
  const plan = (await recordPlan(ctx, work, planChanges(work.task)))!
  await handOver(ctx, work, plan)

  const lost = new AbortController()
  const command = commandExecutor()
  const foreman = {
    executors: new Map([['command', command]]),
    logger,
    hold: async () => ({ lost: lost.signal, release: async () => {} }),
    callbackUrl: () => '',
  }
  setTimeout(() => lost.abort(), 100)
  const subject = { deployment_id: id }
  // A job that ends without an error is done for good, and nobody would look at this deployment again.
  await t.assert.rejects(runExecutor(ctx, foreman, subject, new AbortController().signal), /place was lost/)

  const hold = async () => ({ lost: new AbortController().signal, release: async () => {} })
  await runExecutor(ctx, { ...foreman, hold }, subject, new AbortController().signal)
  const { state, failure_code } = await requireDeployment(ctx.db, id)
  t.assert.deepStrictEqual([state, failure_code], ['failed', 'outcome_unknown'])
})
