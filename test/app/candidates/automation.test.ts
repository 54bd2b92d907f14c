import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { cutCandidate } from '#app/candidates/cut-candidate.ts'
import { explainGates } from '#app/deployments/explain-gates.ts'
import { reportDeployment } from '#app/deployments/report-deployment.ts'
import { rollBackCode } from '#app/deployments/roll-back-code.ts'
import { setFreeze } from '#app/freezes/set-freeze.ts'
import { liftFreeze } from '#app/freezes/lift-freeze.ts'
import { insertHold } from '#store/hold.ts'
import { sharedCodeHouse, until, type Shop } from '../../code-house.ts'
import { refusal } from '../refusal.ts'

const open = sharedCodeHouse()
const sh = (script: string) => ({ executor: 'command', command: ['sh', '-c', script] })
const done = sh('true')

/** Waits until the deployments of an environment are these, newest first. */
async function deployed(t: TestContext, shop: Shop, environment: string, wanted: string[][]) {
  const got = await until(
    () => shop.deployments(environment),
    (rows) => JSON.stringify(rows) === JSON.stringify(wanted),
    `the deployments to ${environment}: ${JSON.stringify(wanted)}`,
  )
  t.assert.deepEqual(got, wanted)
}

async function skipsOf({ environments }: Shop, name: string): Promise<(string | null)[]> {
  const query = open().ctx.db.selectFrom('event').select('reason').where('kind', '=', 'promotion.skipped')
  const here = query.where('environment_id', '=', environments[name]!.id).orderBy('id')
  return (await here.execute()).map(({ reason }) => reason)
}

const skipped = (shop: Shop, name: string, count = 1) =>
  until(
    () => skipsOf(shop, name),
    (all) => all.length >= count,
    'what is skipped',
  )

function hold({ ctx }: ReturnType<typeof open>, environment_id: string) {
  const row = { id: ctx.newId(), environment_id, revision_ids: [], namings: [], created_at: ctx.now() }
  return insertHold(ctx.db, { ...row, reason: 'bad', deployment_id: null, created_by: null })
}

test('what is built goes to the environment that the project names, and on along the pipeline', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop({
    build: done,
    deploy_to: 'staging',
    environments: [
      { name: 'staging', deploy: done },
      { name: 'canary', parent: 'staging', auto_promote: true, deploy: done },
      { name: 'production', parent: 'canary', auto_promote: true, requires_parent: true, deploy: done },
      { name: 'other', parent: 'staging', deploy: done },
    ],
  })
  const { id, version } = await shop.cut()
  t.assert.equal((await house.settled(id)).deploy_to, null)
  for (const name of ['staging', 'canary', 'production'])
    await deployed(t, shop, name, [[version, 'succeeded', 'automation']])
  t.assert.deepEqual(await shop.deployments('other'), [], 'what does not ask for it gets nothing')
  const again = await shop.cut({ deploy_to: null })
  await house.settled(again.id)
  t.assert.deepEqual(await shop.deployments('staging'), [[version, 'succeeded', 'automation']])
})

test('a build that fails goes nowhere', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop({ build: sh('exit 3'), deploy_to: 'staging' })
  t.assert.equal((await house.settled((await shop.cut()).id)).state, 'build_failed')
  t.assert.deepEqual(await shop.deployments('staging'), [])
})

test('a deployment that fails is not taken on', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop({
    environments: [
      { name: 'staging', deploy: sh('exit 1') },
      { name: 'production', parent: 'staging', auto_promote: true, deploy: done },
    ],
  })
  const id = await shop.deploy(await shop.cut(), 'staging')
  t.assert.equal((await house.ended(id)).state, 'failed')
  await house.engine!.sweep()
  t.assert.deepEqual(await shop.deployments('production'), [])
})

test('what its caller reports as done is taken on too, once however often it is looked at', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop({
    environments: [{ name: 'staging' }, { name: 'production', parent: 'staging', auto_promote: true }],
  })
  const cut = await shop.cut()
  const deployment_id = await shop.deploy(cut, 'staging')
  await reportDeployment(house.as.releaser, { deployment_id, status: 'success' })
  await Promise.all([1, 2, 3].map(() => house.engine!.sweep()))
  await until(
    () => shop.deployments('production'),
    (rows) => rows.length > 0,
    'the promotion',
  )
  await sleep(0)
  t.assert.equal((await shop.deployments('production')).length, 1)
})

test('a hold keeps out what nobody asked for, and says so', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop({
    deploy_to: 'staging',
    environments: [
      { name: 'staging', deploy: done },
      { name: 'production', parent: 'staging', auto_promote: true, deploy: done },
    ],
  })
  await hold(house, shop.environments.production!.id)
  const { version } = await shop.cut()
  await deployed(t, shop, 'staging', [[version, 'succeeded', 'automation']])
  t.assert.match((await skipped(shop, 'production'))[0]!, /held since/)
  t.assert.deepEqual(await shop.deployments('production'), [])
  await hold(house, shop.environments.staging!.id)
  const next = await shop.cut()
  t.assert.equal(next.state, 'ready', 'it is ready all the same')
  t.assert.equal((await skipsOf(shop, 'staging')).length, 1)
})

test('a freeze makes it wait; a newer one takes its place, and what a person asked for stays', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop({ deploy_to: 'staging', environments: [{ name: 'staging', deploy: done }] })
  const { id: project_id } = shop.project
  const freeze = await setFreeze(house.as.admin, {
    ...{ project_id, environment_id: shop.environments.staging!.id },
    ...{ name: 'stop', reason: 'audit' },
  })
  const first = await shop.cut({ version: '1.0.0-rc1' })
  await shop.deploy(first, 'staging')
  await shop.cut({ version: '1.1.0-rc1' })
  await shop.cut({ version: '1.2.0-rc1' })
  t.assert.deepEqual(await shop.deployments('staging'), [
    ['1.2.0-rc1', 'requested', 'automation'],
    ['1.1.0-rc1', 'canceled', 'automation'],
    ['1.0.0-rc1', 'requested', 'person'],
    ['1.0.0-rc1', 'canceled', 'automation'],
  ])
  await liftFreeze(house.as.admin, { project_id, freeze_id: freeze.id, reason: 'over' })
  await deployed(t, shop, 'staging', [
    ['1.2.0-rc1', 'succeeded', 'automation'],
    ['1.1.0-rc1', 'canceled', 'automation'],
    ['1.0.0-rc1', 'succeeded', 'person'],
    ['1.0.0-rc1', 'canceled', 'automation'],
  ])
})

test('nothing takes an environment back by itself', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop({
    environments: [
      { name: 'staging', deploy: done },
      { name: 'production', parent: 'staging', auto_promote: true, deploy: done },
    ],
  })
  const older = await shop.cut({ version: '1.0.0-rc1' })
  const newer = await shop.cut({ version: '1.1.0-rc1' })
  await house.ended(await shop.deploy(newer, 'production'))
  await house.ended(await shop.deploy(older, 'staging'))
  t.assert.match((await skipped(shop, 'production'))[0]!, /1\.1\.0-rc1 is newer/)
  t.assert.deepEqual(await shop.deployments('production'), [['1.1.0-rc1', 'succeeded', 'person']])
})

test('who may not deploy does not have it deployed by cutting it', async () => {
  const house = open()
  const shop = await house.shop()
  const { principal } = house.as.releaser
  const cutter = { ...house.ctx, principal: { ...principal!, scopes: ['release.edit'] } }
  const project_id = shop.project.id
  const deploy_to = shop.environments.staging!.id
  await refusal(() => cutCandidate(cutter, { project_id, deploy_to }), 'forbidden')
  await cutCandidate(cutter, { project_id })
  const elsewhere = (await house.shop()).environments.staging!.id
  await refusal(() => cutCandidate(house.ctx, { project_id, deploy_to: elsewhere }), 'not_found')
})

test('a candidate is proven by its own deployment, and not by another one of the same commit', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop({
    environments: [
      { name: 'staging', deploy: done },
      { name: 'production', parent: 'staging', requires_parent: true, deploy: done },
    ],
  })
  const first = await shop.cut({ version: '1.0.0-rc1' })
  await house.ended(await shop.deploy(first, 'staging'))
  const same = await shop.cut({ version: '1.1.0-rc1' })
  t.assert.equal(same.commit_sha, first.commit_sha)
  const refused = () => shop.deploy(same, 'production', { when_shut: 'refuse' })
  const { blockers } = await refusal(refused, 'blocked')
  t.assert.deepEqual(
    blockers.map(({ code }) => code),
    ['parent'],
  )
  const at = { project_id: shop.project.id, environment_id: shop.environments.production!.id }
  const why = (release_id: string) => explainGates(house.as.viewer, { ...at, release_id })
  t.assert.deepEqual(
    (await why(same.release_id)).blockers.map(({ code }) => code),
    ['parent'],
  )
  t.assert.deepEqual((await why(first.release_id)).blockers, [])
  const id = await shop.deploy(first, 'production', { when_shut: 'refuse' })
  t.assert.equal((await house.ended(id)).state, 'succeeded')
})

test('what is rolled back before it was taken on goes no further', async (t: TestContext) => {
  const house = open()
  const shop = await house.shop({
    environments: [
      { name: 'staging', deploy: done },
      { name: 'production', parent: 'staging', auto_promote: true, deploy: done },
    ],
  })
  const { staging, production } = shop.environments
  const good = await shop.cut({ version: '1.0.0-rc1' })
  await house.ended(await shop.deploy(good, 'staging'))
  await deployed(t, shop, 'production', [['1.0.0-rc1', 'succeeded', 'automation']])
  const at = { project_id: shop.project.id, environment_id: production!.id }
  await setFreeze(house.as.admin, { ...at, reason: 'audit' })
  const bad = await shop.cut({ version: '1.1.0-rc1' })
  await house.ended(await shop.deploy(bad, 'staging'))
  await until(
    () => shop.deployments('production'),
    (rows) => rows.length === 2,
    'what waits',
  )
  await rollBackCode(house.as.releaser, { ...at, environment_id: staging!.id, reason: 'broken' })
  t.assert.deepEqual(await shop.deployments('production'), [
    ['1.1.0-rc1', 'canceled', 'automation'],
    ['1.0.0-rc1', 'succeeded', 'automation'],
  ])
})
