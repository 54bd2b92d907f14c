import { rmSync } from 'node:fs'
import { test, type TestContext } from 'node:test'
import { setFreeze } from '#app/freezes/set-freeze.ts'
import { allEndpoints } from '#surfaces/facets/endpoints/all.ts'
import type { Endpoint } from '#surfaces/facets/endpoints/endpoint.ts'
import { sharedDesk } from './open-desk.ts'

const shared = sharedDesk()
const config = (name: string, content: string) => ({ type: 'config', name, spec: { content } })
const all: Endpoint[] = Object.values(allEndpoints).flatMap((table): Endpoint[] => Object.values(table))
const nobody = '0'.repeat(24)
const filled = (path: string) => path.replaceAll(/:\w+/g, nobody)

test('every endpoint answers: built ones know who asks, the others say that they are not built', async (t: TestContext) => {
  const desk = shared()
  for (const { method, path, state, open } of all) {
    const { status, message, code } = await desk.errorOf(method, filled(path), { as: null })
    if (open) continue
    if (state === 'absent') {
      t.assert.deepEqual([status, code], [501, '501'])
      t.assert.match(message, new RegExp(`^${method} .* is not built`))
    } else t.assert.deepEqual([status, code], [401, '401'], `${method} ${path}`)
  }
  const { headers } = await desk.call('GET', '/cc-ui/v1/stacks', { as: null })
  if (headers.has('www-authenticate')) t.assert.match(headers.get('www-authenticate')!, /^Basic /)
})

test('who asks is known by Basic or by bearer, and by nothing else', async (t: TestContext) => {
  const desk = shared()
  const platform = await desk.house.platform({ resources: [config('a', 'one')] })
  const path = desk.deployments(platform)
  const token = desk.house.tokens.viewer
  const asked = async (authorization: string) => {
    const { status, headers } = await desk.call('GET', path, { as: null, headers: { authorization } })
    return [status, headers.get('www-authenticate')?.startsWith('Basic ') ?? false]
  }
  t.assert.deepEqual(await asked(`Basic ${btoa(`viewer@example.com:${token}`)}`), [200, false])
  t.assert.deepEqual(await asked(`Bearer ${token}`), [200, false])
  const wrong = [`Basic ${btoa('viewer@example.com:nothing')}`, 'Bearer nothing', 'Basic', 'Digest x', '']
  for (const authorization of wrong)
    t.assert.deepEqual(await asked(authorization), [401, true], authorization)
})

test('who may not is told so in JSON, and what is not there is not there', async (t: TestContext) => {
  const desk = shared()
  const platform = await desk.house.platform({ resources: [config('a', 'one')] })
  const path = desk.deployments(platform)
  const list = { resourceList: [{ resourceName: 'a', resourceType: 'config' }] }
  const viewer = { as: 'viewer' } as const
  for (const refused of [
    await desk.errorOf('PUT', `${path}/release`, viewer),
    await desk.errorOf('POST', `${path}/recipes/deployment/hotfix`, { ...viewer, json: list }),
    await desk.errorOf('DELETE', `${path}/destroy`, viewer),
    await desk.errorOf('PUT', `${path}/unlock?lockId=x`),
  ]) {
    t.assert.deepEqual([refused.status, refused.code], [403, '403'])
    t.assert.ok(refused.message.includes('may not'))
  }
  const elsewhere = path.replace(/clusters\/\w+/, `clusters/${nobody}`)
  for (const missing of [
    await desk.errorOf('PUT', `${elsewhere}/release`),
    await desk.errorOf('GET', elsewhere),
    await desk.errorOf('GET', `${path}/${nobody}`),
    await desk.errorOf('GET', `${path}/not-an-id`),
    await desk.errorOf('GET', `${path}/${nobody}/logs`),
    await desk.errorOf('GET', '/cc-ui/v1/nowhere'),
    await desk.errorOf('GET', '/cc/v1'),
  ])
    t.assert.deepEqual([missing.status, missing.code], [404, '404'])
  t.assert.match((await desk.errorOf('GET', `${elsewhere}/state`)).message, /cluster/)
})

test('a deployment of another cluster is not found by this one’s address', async (t: TestContext) => {
  const desk = shared()
  const broken = config('a', '${config.nowhere.out.attributes.path}')
  const environments = [{ name: 'prod' }, { name: 'side' }]
  const platform = await desk.house.platform({ resources: [broken], environments })
  const { body } = await desk.call('PUT', `${desk.deployments(platform)}/release`)
  t.assert.equal(body.status, 'INVALID')
  const side = desk.deployments(platform, 'side')
  t.assert.equal((await desk.errorOf('GET', `${side}/${body.id}`)).status, 404)
  t.assert.equal((await desk.errorOf('POST', `${side}/${body.id}/abort`)).status, 404)
  const json = { deploymentIds: [body.id] }
  t.assert.equal((await desk.errorOf('POST', `${side}/release-changes/bulk`, { json })).status, 404)
})

test('a wrong verb is 405 and says which are right', async (t: TestContext) => {
  const desk = shared()
  const platform = await desk.house.platform({ resources: [config('a', 'one')] })
  const path = desk.deployments(platform)
  for (const [method, address, allow] of [
    ['POST', `${path}/release`, 'GET, PUT'],
    ['PATCH', `${path}/launch`, 'PUT, GET'],
    ['DELETE', path, 'GET, POST'],
    ['PUT', `${path}/recipes/deployment/hotfix/`, 'POST'],
  ] as const) {
    const { status, body, headers } = await desk.call<{ code: string }>(method, address)
    t.assert.deepEqual([status, body.code], [405, '405'], address)
    t.assert.deepEqual(headers.get('allow')?.split(', ').toSorted(), allow.split(', ').toSorted())
    // Clients that always say so also say it of nothing.
    const typed = await desk.call(method, address, { headers: { 'content-type': 'application/json' } })
    t.assert.equal(typed.status, 405, address)
  }
})

test('a blueprint that is not there is said with where it was looked for, and nothing is made', async (t: TestContext) => {
  const desk = shared()
  const platform = await desk.house.platform({ resources: [config('a', 'one')] })
  rmSync(platform.folders.blueprint, { recursive: true })
  const refused = await desk.errorOf('PUT', `${desk.deployments(platform)}/release`)
  t.assert.deepEqual(refused, {
    ...{ status: 400, code: '400' },
    message: `blueprint cannot be read: there is no folder ${platform.folders.blueprint} on this machine`,
  })
})

test('what cannot be read in a query is refused with the field, and nothing is made', async (t: TestContext) => {
  const desk = shared()
  const platform = await desk.house.platform({ resources: [config('a', 'one')] })
  const path = desk.deployments(platform)
  const wrong: [string, string, RegExp][] = [
    ['PUT', 'release?withRefresh=maybe', /^withRefresh must be true or false$/],
    ['PUT', 'release?forceRelease=', /^forceRelease must be true or false$/],
    ['PUT', 'release?canQueue=1', /^canQueue must be true or false$/],
    ['PUT', 'release?allowDestroy=true&allowDestroy=false', /^allowDestroy is given more than once$/],
    ['PUT', `release?releaseTraceId=${'x'.repeat(201)}`, /^releaseTraceId may have 200 characters$/],
    ['PUT', 'unlock', /^lockId is required$/],
    ['GET', 'search?pageSize=0', /^pageSize must be a whole number from 1 on$/],
    ['GET', 'search?pageNumber=-1', /^pageNumber must be a whole number/],
    ['GET', 'search?status=DONE', /^status must be one of SUCCEEDED/],
    ['GET', 'search?releaseType=FULL', /^releaseType must be one of/],
    ['GET', 'search?start=yesterday', /^start must be a time in ISO 8601/],
    ['GET', 'stats?days=0', /^days must be a whole number from 1 on$/],
  ]
  for (const [method, address, message] of wrong) {
    const said = await desk.errorOf(method, `${path}/${address}`, { as: 'admin' })
    t.assert.equal(said.status, 400, address)
    t.assert.match(said.message, message)
  }
  const { body } = await desk.call<{ totalElements: number }>('GET', `${path}/search`)
  t.assert.equal(body.totalElements, 0)
})

test('a cluster that is stopped refuses, and says why and who can open it', async (t: TestContext) => {
  const desk = shared()
  const platform = await desk.house.platform({ resources: [config('a', 'one')] })
  const path = desk.deployments(platform)
  const place = { project_id: platform.project.id, environment_id: platform.environments['prod']!.id }
  await setFreeze(desk.house.ctx, { ...place, reason: 'black friday' })
  for (const query of ['', '?canQueue=true']) {
    const { status, code, message } = await desk.errorOf('PUT', `${path}/release${query}`)
    t.assert.deepEqual([status, code], [403, '403'])
    t.assert.match(message, /black friday/)
  }
})
