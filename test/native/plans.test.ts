import { test, type TestContext } from 'node:test'
import type { Deployment, Rollback } from '#api/deployment.ts'
import type { Plan } from '#api/plan.ts'
import { sharedSite, type Site } from './site.ts'

const openSite = sharedSite()

async function json<T>(answer: Promise<Response>): Promise<T> {
  return (await (await answer).json()) as T
}

/** Posts to an environment and tells the status and what was answered. */
async function post({ ask }: Site, path: string, body: object) {
  const answer = await ask(`/headgate/v1${path}`, { json: body })
  return { status: answer.status, body: (await answer.json()) as Deployment & Rollback & { code: string } }
}

test('a stored plan is read by its id and deployed as it is, once', async (t: TestContext) => {
  const site = await openSite()
  const { client, ask, write, release, ended } = site
  const key = await write('blt1', 'One')
  const first = await release('First', [key])
  const dry = await ended(await client.deploy(site.key, 'staging', { release: first, dry_run: true }))
  const plan = await client.getPlan(dry.id)
  t.assert.deepEqual(
    [plan.deployment_id, plan.release_id, plan.counts, plan.stale, plan.irreversible],
    [dry.id, first, { publish: 1 }, false, []],
  )
  t.assert.deepEqual(await json<Plan>(ask(`/headgate/v1/plans/${plan.id}`)), plan)

  const made = await post(site, `/projects/${site.key}/environments/staging/deployments`, { plan: plan.id })
  t.assert.deepEqual([made.status, made.body.deploys_plan, made.body.plan_id], [201, plan.id, plan.id])
  t.assert.equal((await ended(made.body)).state, 'succeeded')
  const again = await post(site, `/projects/${site.key}/environments/staging/deployments`, { plan: plan.id })
  const failed = await ended(again.body)
  t.assert.deepEqual([failed.state, failed.failure_code], ['failed', 'plan_stale'])
  const retried = await ask(`/headgate/v1/deployments/${failed.id}/retry`, { method: 'POST' })
  t.assert.deepEqual([retried.status, ((await retried.json()) as { code: string }).code], [409, 'plan_stale'])
})

test('exactly one of release and plan is named, and a plan for here', async (t: TestContext) => {
  const site = await openSite()
  const { client, write, release, ended } = site
  const id = await release('First', [await write('blt1', 'One')])
  const dry = await ended(await client.deploy(site.key, 'staging', { release: id, dry_run: true }))
  const plan = dry.plan_id!
  const refused = async (name: string, body: object) => {
    const { status, body: said } = await post(
      site,
      `/projects/${site.key}/environments/${name}/deployments`,
      body,
    )
    return [status, (said as unknown as { detail: string }).detail]
  }
  t.assert.deepEqual(await refused('staging', {}), [422, 'release or a plan is to be named'])
  t.assert.deepEqual(await refused('staging', { plan, release: id }), [
    422,
    'release goes with a release, not with a plan',
  ])
  t.assert.equal((await refused('staging', { plan, items: ['x'], force: true }))[0], 422)
  t.assert.deepEqual(await refused('production', { plan }), [422, 'plan is a plan for staging; plan it here'])
  t.assert.equal((await refused('staging', { plan: `pln_${'0'.repeat(32)}` }))[0], 404)
})

test('a revision that was pinned before is deployed by its number, and read with its items', async (t: TestContext) => {
  const site = await openSite()
  const { client, ask, write, release, ended } = site
  const key = await write('blt1', 'One')
  const id = await release('First', [key])
  await ended(await client.deploy(site.key, 'staging', { release: id }))
  await write('blt1', 'Two')
  await client.addReleaseItems(id, { items: [{ key }] })
  await ended(await client.deploy(site.key, 'staging', { release: id }))
  const done = await ended(await client.deploy(site.key, 'staging', { release: id, revision: 1 }))
  t.assert.deepEqual([done.state, done.revision_number], ['succeeded', 1])
  t.assert.deepEqual(
    (await client.listLive(site.key, 'staging')).items.map(({ version }) => version),
    ['1'],
  )
  const one = await json<{ number: number; items: { version: string }[] }>(
    ask(`/headgate/v1/releases/${id}/revisions/2`),
  )
  t.assert.deepEqual([one.number, one.items.map(({ version }) => version)], [2, ['2']])
  for (const number of ['9', '0', 'x'])
    t.assert.equal((await ask(`/headgate/v1/releases/${id}/revisions/${number}`)).status, 404)
})

test('a rollback is planned first, and that plan is deployed as the rollback', async (t: TestContext) => {
  const site = await openSite()
  const { client, write, release, ended } = site
  const key = await write('blt1', 'One')
  await ended(await client.deploy(site.key, 'staging', { release: await release('First', [key]) }))
  await write('blt1', 'Two')
  const bad = await ended(await client.deploy(site.key, 'staging', { release: await release('Bad', [key]) }))
  const asked = await post(site, `/projects/${site.key}/environments/staging/rollback`, { dry_run: true })
  const dry = await ended(asked.body.deployment)
  t.assert.deepEqual([dry.state, dry.rolls_back, asked.body.conflicts], ['planned', bad.id, []])
  const made = await post(site, `/projects/${site.key}/environments/staging/deployments`, {
    plan: dry.plan_id,
  })
  const done = await ended(made.body)
  t.assert.deepEqual([done.state, done.rolls_back], ['succeeded', bad.id])
  t.assert.deepEqual(
    (await client.listLive(site.key, 'staging')).items.map(({ version }) => version),
    ['1'],
  )
})
