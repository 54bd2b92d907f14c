import { test, type TestContext } from 'node:test'
import { idOf } from '#surfaces/facets/ids.ts'
import type { AbstractCluster, Stack } from '#surfaces/facets/wire/cluster.ts'
import { terraformOrSkip } from '../../infra-house.ts'
import { sharedDesk } from './open-desk.ts'

const shared = sharedDesk()
const v1 = '/cc-ui/v1'
const config = (name: string, content: string, more = {}) => ({
  type: 'config',
  name,
  spec: { content },
  ...more,
})

interface Status {
  resourceName: string
  syncStatus: string
  disabled: boolean
  deployed: boolean
}

interface Override {
  overrides: Record<string, unknown>
  changeLog?: string
}

async function openPlatform() {
  const desk = shared()
  const platform = await desk.house.platform({
    stack: { clusterVariablesMeta: { REGION: { value: 'eu' }, PW: { secret: true }, SIZE: {} } },
    resources: [
      config('a', 'in ${blueprint.self.variables.REGION}'),
      config('b', 'beside'),
      { type: 'elsewhere', name: 'net', provided: true, out: { attributes: { id: 'n-1' } } },
    ],
    environments: [
      { name: 'staging', cloud: 'AWS', release_stream: 'STAGING', time_zone: 'Europe/Paris' },
      { name: 'prod', parent: 'staging', variables: { REGION: 'us' }, secrets: { PW: 'hunter2' } },
    ],
  })
  const { key } = platform.project
  const prod = `${v1}/clusters/${idOf(platform.environments['prod']!.id)}`
  const staging = `${v1}/clusters/${idOf(platform.environments['staging']!.id)}`
  return { desk, platform, key, prod, staging }
}

test('stacks and their clusters are told, and no secret is', async (t: TestContext) => {
  const { desk, key, prod } = await openPlatform()
  const get = async <T>(path: string) => (await desk.call<T>('GET', path, { as: 'viewer' })).body
  const list = await get<Stack[]>(`${v1}/stacks/`)
  t.assert.ok(list.some(({ name, relativePath }) => name === key && relativePath === ''))
  for (const path of [key, `${key}/reload`, `${key}/sync-with-git`]) {
    const stack = await get<Stack>(`${v1}/stacks/${path}`)
    t.assert.deepEqual(stack.clusterVariablesMeta, {
      REGION: { secret: false, value: 'eu', required: false },
      PW: { secret: true, value: '****', required: true },
      SIZE: { secret: false, required: true },
    })
  }
  const clusters = await get<AbstractCluster[]>(`${v1}/stacks/${key}/clusters`)
  t.assert.deepEqual(
    clusters.map(({ name, stackName, releaseStream, tz, cloud, clusterState }) => [
      ...[name, stackName, releaseStream, tz, cloud, clusterState],
    ]),
    [
      ['staging', key, 'STAGING', 'Europe/Paris', 'AWS', 'STOPPED'],
      ['prod', key, 'default', 'UTC', 'NO_CLOUD', 'STOPPED'],
    ],
  )
  const overview = await get<{ id: string; cluster: AbstractCluster }[]>(
    `${v1}/stacks/${key}/clusters-overview`,
  )
  t.assert.deepEqual(
    overview.map(({ id, cluster }) => id === cluster.id && id),
    clusters.map(({ id }) => id),
  )
  for (const path of [prod, `${prod}/info`, `${v1}/clusters/stack/${key}/cluster/prod/info`]) {
    const cluster = await get<AbstractCluster>(path)
    t.assert.deepEqual(cluster.variables, {
      REGION: { value: 'us', secret: false, status: 'OVERRIDDEN', global: false },
      PW: { value: '****', secret: true, status: 'OVERRIDDEN', global: false },
      SIZE: { secret: false, status: 'DEFAULT', global: false },
    })
    t.assert.deepEqual(
      [cluster.secrets, cluster.commonEnvironmentVariables],
      [{ PW: '****' }, { REGION: 'us' }],
    )
    t.assert.ok(!JSON.stringify(cluster).includes('hunter2'))
  }
  t.assert.equal((await desk.errorOf('GET', `${v1}/stacks/nowhere/clusters`)).status, 404)
  t.assert.equal((await desk.errorOf('GET', `${v1}/clusters/${'0'.repeat(24)}`)).status, 404)
  t.assert.equal((await desk.errorOf('GET', `${v1}/clusters/stack/${key}/cluster/nowhere/info`)).status, 404)
})

test('an override replaces the one before, is read as it was written, and is there from the next release on', async (t: TestContext) => {
  const { desk, prod, staging } = await openPlatform()
  const path = `${prod}/resourceType/config/resourceName/a`
  const resource = async (at = path) =>
    (await desk.call<{ spec: Record<string, unknown> }>('GET', at, { as: 'viewer' })).body.spec
  t.assert.deepEqual(await resource(), { content: 'in us' })
  const none = await desk.call<Override>('GET', `${path}/overrides`)
  t.assert.deepEqual(none.body.overrides, {})
  const put = async (json: unknown, as: 'releaser' | 'viewer' = 'releaser') =>
    desk.call<Override & { message: string }>('POST', `${path}/overrides`, { json, as })
  t.assert.equal((await put({ overrides: { spec: { mode: '0600' } } })).status, 200)
  const first = await put({ overrides: { spec: { content: 'mine' } }, changeLog: 'why' })
  t.assert.deepEqual([first.body.overrides, first.body.changeLog], [{ spec: { content: 'mine' } }, 'why'])
  t.assert.deepEqual(await resource(), { content: 'mine' })
  t.assert.deepEqual(await resource(path.replace(prod, staging)), { content: 'in eu' })
  const all = await desk.call<Override[]>('GET', `${prod}/overrides`)
  t.assert.equal(all.body.length, 1)
  for (const [json, said] of [
    [{}, /^overrides has to be an object/],
    [{ overrides: [] }, /^overrides/],
    [{ overrides: {}, resourceName: 'b' }, /^resourceName is another resource/],
    [{ overrides: { spec: { a: 'x\0' } } }, /NUL/],
  ] as const) {
    const { status, body } = await put(json)
    t.assert.equal(status, 400)
    t.assert.match(body.message, said)
  }
  t.assert.equal((await put({ overrides: {} }, 'viewer')).status, 403)
  const unknown = path.replace('/a', '/nowhere')
  t.assert.equal(
    (await desk.errorOf('POST', `${unknown}/overrides`, { json: { overrides: {} } })).status,
    404,
  )
  t.assert.equal((await desk.errorOf('GET', unknown)).status, 404)
  t.assert.equal((await desk.call('DELETE', `${prod}/overrides/config/a`)).status, 200)
  t.assert.deepEqual(await resource(), { content: 'in us' })
  t.assert.equal((await desk.errorOf('DELETE', `${prod}/overrides/config/a`)).status, 404)
})

test('resources are switched off and on, and the preview says what a release would touch', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const { desk, platform, key, prod } = await openPlatform()
  const preview = async (at = `${v1}/resources/${prod.slice(prod.lastIndexOf('/') + 1)}/release-preview`) => {
    const { body } = await desk.call<Status[]>('GET', at, { as: 'viewer' })
    return body.map(({ resourceName, syncStatus, disabled, deployed }) =>
      [resourceName, syncStatus, disabled && 'off', deployed && 'there'].filter(Boolean).join(' '),
    )
  }
  t.assert.deepEqual(await preview(), ['a OUT_OF_SYNC', 'b OUT_OF_SYNC', 'net IN_SYNC'])
  await platform.released('prod')
  t.assert.deepEqual(await preview(), ['a IN_SYNC there', 'b IN_SYNC there', 'net IN_SYNC'])
  const off = [{ resourceType: 'config', resourceName: 'b', disabled: true }]
  const done = await desk.call('PUT', `${prod}/resource-enable-disable`, { json: off })
  t.assert.deepEqual([done.status, done.body], [200, off])
  t.assert.deepEqual((await preview())[1], 'b OUT_OF_SYNC off there')
  const status = `${v1}/resources/${key}/prod/status?resources=`
  t.assert.deepEqual(await preview(`${status}config/a,net`), ['a IN_SYNC there', 'net IN_SYNC'])
  t.assert.equal((await preview(status)).length, 3)
  for (const [json, code] of [
    [[], 400],
    [{}, 400],
    [[{ resourceName: 'b' }], 400],
    [[{ resourceType: 'config', resourceName: 'nowhere', disabled: true }], 404],
  ] as const)
    t.assert.equal((await desk.errorOf('PUT', `${prod}/resource-enable-disable`, { json })).status, code)
  const out = await desk.call(
    'GET',
    `${prod}/resourceType/elsewhere/resourceName/net/resource-out-properties`,
  )
  t.assert.deepEqual(out.body, { interfaces: {}, attributes: { id: 'n-1' } })
  const clusters = await desk.call<AbstractCluster[]>('GET', `${v1}/stacks/${key}/clusters`)
  t.assert.deepEqual(
    clusters.body.map(({ clusterState }) => clusterState),
    ['STOPPED', 'RUNNING'],
  )
})

test('what is wrong with a blueprint is told with file, line and path, and its files are shown', async (t: TestContext) => {
  const { desk, platform, key, prod } = await openPlatform()
  platform.write(config('c', '${config.nowhere.out.attributes.content}'))
  const mistyped = { changes: { spec: { content: 'mine' } } }
  await desk.house.clients.releaser.putOverride(key, 'prod', 'config', 'typo', mistyped)
  for (const method of ['GET', 'POST'] as const) {
    const at = `${prod}/${method === 'GET' ? 'validation-errors' : 'validate'}`
    const { body } = await desk.call<Record<string, unknown>[]>(method, at)
    t.assert.deepEqual(
      body.map(({ category, severity, filename, path, resourceName }) => [
        ...[category, severity, filename, path, resourceName],
      ]),
      [
        ['Overrides Syntax Error', 'WARNING', '', undefined, 'typo'],
        ['Non-Existent Resource Reference', 'ERROR', 'config/instances/c.json', 'spec.content', 'c'],
      ],
    )
    t.assert.equal(typeof body[1]?.['lineNumber'], 'number')
  }
  const files = await desk.call<{ filename: string; directory: string; content: string }[]>(
    'GET',
    `${v1}/designer/${key}/master/files`,
  )
  const file = files.body.find(({ filename }) => filename === 'c.json')
  t.assert.equal(file?.directory, 'config/instances')
  t.assert.match(file?.content ?? '', /nowhere/)
})
