import { test, type TestContext } from 'node:test'
import { asPrincipal, type Context } from '#app/context.ts'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { createProject } from '#app/projects/create-project.ts'
import { getProjectByKey } from '#app/projects/get-project.ts'
import { locateRelease } from '#app/releases/locate-release.ts'
import { ask } from '../engine/orders.ts'
import { hire, warehouse } from '../engine/warehouse.ts'
import { answerOf } from './refusal.ts'

test('who may read nothing in a project cannot tell its keys and ids from others', async (t: TestContext) => {
  const house = await warehouse(t)
  const { ctx, as, project } = house
  const { id: release_id } = await house.release({ a: '1' })
  const { id: deployment_id } = await ask(house, release_id)
  const elsewhere = await createProject(ctx, { name: 'Elsewhere', kind: 'content' })
  const stranger = await hire(ctx, 'admin', elsewhere.id)
  const none = ctx.newId()
  for (const [there, not] of [
    [
      (who: Context) => getProjectByKey(who, { key: project.key }),
      () => getProjectByKey(ctx, { key: 'none' }),
    ],
    [(who: Context) => locateRelease(who, { release_id }), () => locateRelease(ctx, { release_id: none })],
    [
      (who: Context) => getDeployment(who, { deployment_id }),
      () => getDeployment(ctx, { deployment_id: none }),
    ],
    [
      (who: Context) => cancelDeployment(who, { deployment_id }),
      () => cancelDeployment(ctx, { deployment_id: none }),
    ],
  ] as const) {
    t.assert.strictEqual(await answerOf(not), 'not_found')
    t.assert.strictEqual(await answerOf(() => there(stranger)), 'not_found', there.toString())
    t.assert.notStrictEqual(await answerOf(() => there(as.viewer)), 'not_found', there.toString())
  }
  const narrow = asPrincipal(as.admin, { ...as.admin.principal!, scopes: ['project.read'] })
  t.assert.strictEqual(await answerOf(() => getDeployment(narrow, { deployment_id })), 'forbidden')
})
