import { test, type TestContext } from 'node:test'
import { removeEnvironment } from '#app/environments/remove-environment.ts'
import { run } from '../engine/orders.ts'
import { shelfExecutor } from '../engine/shelf-executor.ts'
import { warehouse } from '../engine/warehouse.ts'

test('the results of deployments go with their environment, and no others', async (t: TestContext) => {
  const house = await warehouse(t, { environments: 2, executors: [shelfExecutor()] })
  const { ctx, environments, project } = house
  const environment_ids = environments.map(({ id }) => id)
  const release = await house.release({ a: '1', b: '1' })
  await run(house, release.id, { environment_ids })
  await run(house, release.id, { environment_ids: environment_ids.slice(1), forced: true })
  const count = async () => (await ctx.db.selectFrom('deployment_item').selectAll().execute()).length
  await house.stop()
  const before = await count()
  const [gone] = environment_ids
  await removeEnvironment(ctx, { project_id: project.id, environment_id: gone! })
  t.assert.strictEqual(await count(), before - 2)
  const rows = await ctx.db.selectFrom('deployment').select('id').execute()
  const left = await ctx.db.selectFrom('deployment_item').select('deployment_id').distinct().execute()
  t.assert.ok(left.every(({ deployment_id }) => rows.some(({ id }) => id === deployment_id)))
})
