import { test, type TestContext } from 'node:test'
import { getDeployment, listDeployments } from '#app/deployments/get-deployment.ts'
import { requestRollback } from '#app/deployments/request-rollback.ts'
import { updateEnvironment } from '#app/environments/update-environment.ts'
import { setFreeze } from '#app/freezes/set-freeze.ts'
import { getHold } from '#app/holds/get-hold.ts'
import { refusal } from '../app/refusal.ts'
import { ask, run, type Terms } from './orders.ts'
import { recordStatements } from './record-statements.ts'
import { shelfExecutor } from './shelf-executor.ts'
import { ended } from './wait-for.ts'
import { warehouse, type Warehouse } from './warehouse.ts'

const codesOf = async ({ ctx }: Warehouse, deployment_id: string) => {
  const view = await getDeployment(ctx, { deployment_id })
  return [view.state, ...view.blockers.map(({ code }) => code)]
}

test('a required parent is a gate: it compares what was proven there', async (t: TestContext) => {
  const house = await warehouse(t, { environments: 2 })
  const { as, ctx, project, environments } = house
  const [production, staging] = [environments[0]!, environments[1]!]
  await house.start([shelfExecutor()])
  const require = { project_id: project.id, environment_id: production.id, requires_parent: true }
  await refusal(() => updateEnvironment(ctx, require), 'invalid')
  await updateEnvironment(ctx, { ...require, parent_id: staging.id })
  const stage = (release_id: string, terms: Terms = {}) =>
    run(house, release_id, { environment_ids: [staging.id], ...terms })
  const spring = await house.release({ a: '1', b: '1', gone: null })
  const early = await ask(house, spring.id)
  t.assert.match(
    early.blockers[0]?.detail ?? '',
    /^It has not been proven in shelf 2: 2 of 3 items are not live there as they are here \(“Box a”, “Box b”\)\.$/,
  )
  await stage(spring.id, { select: ({ key }) => key === 'a' })
  t.assert.deepStrictEqual(await codesOf(house, early.id), ['requested', 'parent'])
  const part = await ask(house, spring.id, { select: ({ key }) => key === 'a' })
  t.assert.strictEqual((await ended(ctx, part.id)).state, 'succeeded', 'what is selected is live there')
  await stage(spring.id)
  t.assert.strictEqual((await ended(ctx, early.id)).state, 'succeeded', 'and is woken when it is proven')
  // Proven once, it stays so, whatever went to staging since.
  await stage((await house.release({ a: '2', b: '2' })).id)
  t.assert.strictEqual((await run(house, spring.id, { forced: true })).state, 'succeeded')
  // But not where it was rolled back there.
  const summer = await house.release({ c: '1' })
  const tried = await stage(summer.id)
  await requestRollback(as.releaser, { environment_id: staging.id, deployment_id: tried.id }).then(
    ({ deployment }) => ended(ctx, deployment.id),
  )
  t.assert.deepStrictEqual(
    (await ask(house, summer.id)).blockers.map(({ code }) => code),
    ['parent'],
  )
  // Waiting for a parent keeps nobody behind it waiting, in a list as everywhere.
  const views = await listDeployments(ctx, { project_id: project.id, limit: 100 })
  t.assert.deepStrictEqual(
    views.flatMap(({ blockers }) => blockers.map(({ code }) => code)),
    ['parent'],
  )
})

test('however many deployments wait in a list, their gates are asked in as many statements', async (t: TestContext) => {
  const house = await warehouse(t, { environments: 2 })
  const { as, ctx, project, environments } = house
  const [production, staging] = [environments[0]!, environments[1]!]
  await updateEnvironment(ctx, {
    ...{ project_id: project.id, environment_id: production.id, parent_id: staging.id },
    ...{ requires_parent: true, approvals_needed: 1 },
  })
  await setFreeze(as.releaser, { project_id: project.id, environment_id: production.id, reason: 'fire' })
  const list = () => listDeployments(ctx, { project_id: project.id, limit: 50 })
  const { id } = await house.release({ a: '1' })
  await ask(house, id)
  const one = await recordStatements(ctx.db, list)
  for (let n = 0; n < 12; n += 1) await ask(house, (await house.release({ [`a${n}`]: '1' })).id)
  const many = await recordStatements(ctx.db, async () => {
    const views = await list()
    t.assert.strictEqual(views.length, 13)
    for (const { blockers } of views)
      t.assert.deepStrictEqual(
        blockers.map(({ code }) => code),
        ['freeze', 'parent'],
      )
  })
  t.assert.strictEqual(many.length, one.length)
})

test('two who roll back at once leave one hold, which names both', async (t: TestContext) => {
  const house = await warehouse(t)
  const { as, ctx, project, environment } = house
  await house.start([shelfExecutor()])
  const done = [await run(house, (await house.release({ a: '1' })).id)]
  done.push(await run(house, (await house.release({ b: '1' })).id))
  await Promise.all(
    done.map(({ id: deployment_id }) =>
      requestRollback(as.releaser, { environment_id: environment.id, deployment_id }),
    ),
  )
  const hold = await getHold(ctx, { project_id: project.id, environment_id: environment.id })
  t.assert.deepStrictEqual(
    hold?.revision_ids.toSorted(),
    done.map(({ revision_id }) => revision_id).toSorted(),
  )
})

test('a hold stops a schedule, and not a person who names a time that has passed', async (t: TestContext) => {
  const house = await warehouse(t)
  const { as, clock, environment } = house
  await house.start([shelfExecutor()])
  await run(house, (await house.release({ a: '1' })).id)
  await requestRollback(as.releaser, { environment_id: environment.id })
  const { id: release_id } = await house.release({ a: '2' }, 'Next')
  const at = (seconds: number) => ({ due_at: new Date(clock.now.getTime() + seconds * 1000) })
  const causes = [await ask(house, release_id, at(-1)), await ask(house, release_id, at(60))]
  t.assert.deepStrictEqual(
    causes.map(({ cause, blockers }) => [cause, blockers.map(({ code }) => code)]),
    [
      ['person', []],
      ['schedule', ['schedule', 'hold']],
    ],
  )
})

test('an environment that gets another parent looks again at what waits there', async (t: TestContext) => {
  const house = await warehouse(t, { environments: 3 })
  const { ctx, project, environments } = house
  const [production, staging, other] = [environments[0]!, environments[1]!, environments[2]!]
  await house.start([shelfExecutor()])
  const change = { project_id: project.id, environment_id: production.id }
  await updateEnvironment(ctx, { ...change, parent_id: staging.id, requires_parent: true })
  const { id: release_id } = await house.release({ a: '1' })
  await run(house, release_id, { environment_ids: [other.id] })
  const waits = await ask(house, release_id)
  t.assert.strictEqual(waits.state, 'requested')
  await updateEnvironment(ctx, { ...change, parent_id: other.id })
  t.assert.strictEqual((await ended(ctx, waits.id)).state, 'succeeded')
})
