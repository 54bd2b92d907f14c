import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readId } from '#domain/ids.ts'
import type { DriftedThing } from '#domain/effect.ts'
import { insertDrift } from '#store/drift.ts'
import { refusedWith } from '../app/drift/refused-with.ts'
import { sharedInfraHouse, type Platform } from '../infra-house.ts'

// Nothing is run here: what was found is written down by hand.
const house = sharedInfraHouse({ HEADGATE_ROLE: 'api' })
let platform: Platform

const thing = (name: string, after: string): DriftedThing => ({
  ...{ item_key: `config/${name}`, address: `module.config__${name}.file_text.this`, action: 'update' },
  attributes: [{ attribute: 'content', before: 'A', after }],
})

async function found(environment_id: string, items: DriftedThing[]): Promise<void> {
  const { ctx } = house()
  const counts = {
    drifted: items.length,
    ignored: 0,
    outcome: items.length > 0 ? 'drifted' : 'clean',
  } as const
  await insertDrift(ctx.db, {
    ...{ id: ctx.newId(), environment_id, run_id: null, deployment_id: null, items, ...counts },
    ...{ state_version: null, detail: null, created_at: ctx.now() },
  })
}

const at = (path = '', project = platform.project.key, name = 'prod') =>
  `/headgate/v1/projects/${project}/environments/${name}/drift${path}`

test('what was found is listed newest first, page by page, and the newest says how it stands', async () => {
  platform = await house().platform({ environments: [{ name: 'prod' }, { name: 'staging' }] })
  const { id } = platform.environments.prod!
  assert.equal((await house().client.getDrift('platform', 'prod')).status, 'unknown')
  for (const items of [[], [thing('a', 'B')], [thing('a', 'B'), thing('b', 'C')]]) await found(id, items)
  const drift = await house().client.getDrift('platform', 'prod')
  assert.deepEqual([drift.status, drift.drifted, drift.last?.outcome], ['drifted', 2, 'drifted'])
  const first = await house().client.listDriftChecks('platform', 'prod', { limit: 2 })
  assert.deepEqual(
    first.items.map(({ drifted }) => drifted),
    [2, 1],
  )
  const rest = await house().client.listDriftChecks('platform', 'prod', { limit: 2, after: first.next! })
  assert.deepEqual([rest.items.map(({ outcome }) => outcome), rest.next], [['clean'], null])
  assert.equal(rest.items[0]!.id.slice(0, 4), 'drf_')
})

test('of all environments one sees those that one may', async () => {
  const other = await house().platform()
  await found(other.environments.prod!.id, [thing('x', 'Y')])
  const all = await house().clients.viewer.listDrift()
  assert.deepEqual(
    all.items.map(({ project, environment, status }) => [project, environment, status]),
    [
      ['platform', 'prod', 'drifted'],
      ['platform', 'staging', 'unknown'],
      ['platform-2', 'prod', 'drifted'],
    ],
  )
  const page = await house().client.listDrift({ limit: 1, after: all.items[0]!.environment_id })
  assert.deepEqual([page.items[0]!.environment, page.next], ['staging', all.items[1]!.environment_id])
  const made = { name: 'narrow', scopes: ['*'], project: 'platform', environments: ['staging'] }
  const answer = await house().ask('/headgate/v1/tokens', { json: made })
  const { secret } = (await answer.json()) as { secret: string }
  const as = { headers: { authorization: `Bearer ${secret}` } }
  const seen = (await (await house().ask('/headgate/v1/drift', as)).json()) as {
    items: { environment: string }[]
  }
  assert.deepEqual(
    seen.items.map(({ environment }) => environment),
    ['staging'],
  )
  assert.equal((await house().ask(at(), as)).status, 404)
  assert.equal((await house().ask('/headgate/v1/drift?project=platform-2', as)).status, 404)
})

test('looking is a releaser’s, and reading a viewer’s', async () => {
  const { viewer, releaser } = house().clients
  const refusals = [
    () => viewer.checkDrift('platform', 'staging'),
    () => viewer.adoptDrift('platform', 'staging'),
    () => viewer.reassertDrift('platform', 'staging', { all: true }),
    () => viewer.ignoreDrift('platform', 'staging', { item: 'config/a' }),
  ]
  for (const refusal of refusals) await refusedWith('forbidden', refusal)
  const run = await releaser.checkDrift('platform', 'staging', 'To see')
  assert.deepEqual([run.kind, run.state, run.reason, run.input], ['drift', 'queued', 'To see', {}])
  assert.equal((await viewer.getDrift('platform', 'staging')).run_id, run.id)
  await releaser.cancelRun(run.id)
  const { run_id, last, status } = await viewer.getDrift('platform', 'staging')
  assert.deepEqual([run_id, last?.outcome, status], [null, 'skipped', 'unknown'])
})

test('the same rule said again takes the place of the first; whatever is wrong is named', async () => {
  const { releaser } = house().clients
  const first = await releaser.ignoreDrift('platform', 'prod', { item: 'config/a' })
  const second = await releaser.ignoreDrift('platform', 'prod', { item: 'config/a', reason: 'Known' })
  const { items } = await house().client.listIgnoredDrift('platform', 'prod')
  assert.deepEqual(
    items.map(({ id, reason }) => [id, reason]),
    [[second.id, 'Known']],
  )
  assert.notEqual(first.id, second.id)
  const drift = await house().client.getDrift('platform', 'prod')
  assert.deepEqual([drift.drifted, drift.ignored, drift.items[0]!.ignored], [1, 1, true])
  const remove = (name: string, id: string) =>
    house().ask(at(`/ignored/${id}`, 'platform', name), { method: 'DELETE' })
  assert.equal((await remove('staging', second.id)).status, 404, 'it is of another environment')
  assert.equal((await remove('prod', 'ign_none')).status, 404)
  assert.equal((await remove('prod', second.id)).status, 204)
  assert.ok(readId('ignored drift', second.id))

  const bad: unknown[] = [
    {},
    { item: '' },
    { item: 1 },
    { item: 'a', until: 'tomorrow' },
    { item: 'a', until: '2020-01-01T00:00:00.000Z' },
    { item: 'a\0' },
    { item: 'a', attribute: '\ud800' },
    { item: 'a', more: true },
    { item: 'a'.repeat(301) },
  ]
  for (const json of bad) {
    const { status } = await house().ask(at('/ignored'), { json })
    assert.ok(status === 422 || status === 400, `${JSON.stringify(json)} answered ${status}`)
  }
  for (const json of [
    { all: true, items: ['config/a'] },
    { items: [] },
    { all: 'yes' },
    { items: ['config/z'] },
  ]) {
    const { status } = await house().ask(at('/reassert'), { json })
    assert.ok(status === 422 || status === 409, `${JSON.stringify(json)} answered ${status}`)
  }
})

test('where nothing can drift, that is said', async () => {
  await house().client.createProject({ key: 'site', kind: 'content' })
  await house().client.createEnvironment('site', { name: 'live' })
  assert.match(await refusedWith('invalid', () => house().client.getDrift('site', 'live')), /kind content/)
  await refusedWith('not_found', () => house().client.getDrift('platform', 'nowhere'))
  const { ctx } = house()
  const { id } = platform.environments.staging!
  await ctx.db.updateTable('environment').set({ executor: 'none' }).where('id', '=', id).execute()
  const said = await refusedWith('invalid', () => house().client.checkDrift('platform', 'staging'))
  assert.match(said, /deploys by none/)
  const never = await refusedWith('not_possible_now', () => house().client.adoptDrift('platform', 'prod'))
  assert.match(never, /without a state/)
})
