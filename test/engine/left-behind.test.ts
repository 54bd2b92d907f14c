import { test, type TestContext } from 'node:test'
import { requestDeployments } from '#app/deployments/request-deployments.ts'
import { shelfExecutor } from './shelf-executor.ts'
import { waitUntil } from './wait-until.ts'
import { warehouse } from './warehouse.ts'

test('what is queued without a job, whatever became of it, is found by a slow look', async (t: TestContext) => {
  const { as, ctx, environment, project, release, start } = await warehouse(t)
  await start([shelfExecutor()], 10)
  const { id: release_id } = await release({ a: '1' })
  const [made] = await requestDeployments(
    { ...as.releaser, enqueue: async () => {} },
    { project_id: project.id, release_id, environment_ids: [environment.id] },
  )
  const stateOf = () =>
    ctx.db.selectFrom('deployment').select('state').where('id', '=', made!.id).executeTakeFirst()
  await waitUntil(async () => (await stateOf())?.state === 'succeeded', 'its end')
})
