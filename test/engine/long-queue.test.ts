import { test, type TestContext } from 'node:test'
import { claimDeployment } from '#app/deployments/claim-deployment.ts'
import { explainGates } from '#app/deployments/explain-gates.ts'
import { setFreeze } from '#app/freezes/set-freeze.ts'
import { updateRelease } from '#app/releases/update-release.ts'
import { ask } from './orders.ts'
import { warehouse } from './warehouse.ts'

test('what is shut keeps nobody behind it waiting, however many there are', async (t: TestContext) => {
  const house = await warehouse(t)
  const { id: release_id, project_id } = await house.release({ a: '1' })
  for (let n = 0; n <= 200; n += 1) await ask(house, release_id)
  await updateRelease(house.as.releaser, { project_id, release_id, locked: true })
  const { id } = await ask(house, (await house.release({ b: '1' }, 'Free')).id)
  t.assert.strictEqual((await claimDeployment(house.ctx, house.environment.id))?.id, id)
})

test('why names no time at which a schedule will have missed its own', async (t: TestContext) => {
  const house = await warehouse(t)
  const { as, clock, environment, project } = house
  const at = (seconds: number) => new Date(clock.now.getTime() + seconds * 1000)
  await setFreeze(as.releaser, { project_id: project.id, reason: 'a fire', expires_at: at(7200) })
  const { id: release_id } = await house.release({ a: '1' })
  const skip = { policy: 'skip' } as const
  const run = { policy: 'run', late_by_at_most_seconds: null } as const
  const place = { project_id: project.id, environment_id: environment.id }
  const opens = async (deployment_id: string) =>
    (await explainGates(as.releaser, { ...place, deployment_id })).opens_at
  const skipping = await ask(house, release_id, { due_at: at(600), misfire: skip })
  const patient = await ask(house, release_id, { due_at: at(600), misfire: run })
  const late = await ask(house, release_id, { due_at: at(9000), misfire: skip })
  t.assert.deepStrictEqual(
    [await opens(skipping.id), await opens(patient.id), await opens(late.id)],
    [null, at(7200).toISOString(), at(9000).toISOString()],
  )
})
