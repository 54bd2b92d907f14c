import { test, type TestContext } from 'node:test'
import { allEndpoints } from '#surfaces/facets/endpoints/all.ts'
import type { Endpoint } from '#surfaces/facets/endpoints/endpoint.ts'
import { idOf } from '#surfaces/facets/ids.ts'
import type { Artifact } from '#surfaces/facets/wire/resource.ts'
import { terraformOrSkip } from '../../terraform-or-skip.ts'
import { sharedDesk } from './open-desk.ts'

const shared = sharedDesk()
const v1 = '/cc-ui/v1'

async function openPlatform() {
  const desk = shared()
  const platform = await desk.house.platform({
    resources: [
      {
        type: 'service',
        name: 'api',
        spec: { release: { build: { artifactory: 'default', name: 'backend' } } },
      },
      { type: 'service', name: 'web', spec: {} },
    ],
    environments: [{ name: 'staging', release_stream: 'STAGING' }, { name: 'prod' }],
  })
  const id = (name: string) => idOf(platform.environments[name]!.id)
  const register = async (path: string, json: Record<string, unknown>) =>
    (await desk.call<Artifact>('POST', path, { json: { artifactUri: 'r/x:1', ...json } })).body
  const taken = async (name: string) => {
    const { body } = await desk.call<Artifact[]>('GET', `${v1}/artifacts/${id(name)}`, { as: 'viewer' })
    return Object.fromEntries(
      body.map(({ applicationName = '', artifactUri }) => [applicationName, artifactUri]),
    )
  }
  const image = async (name: string, resource: string) => {
    const path = `${v1}/clusters/${id(name)}/resourceType/service/resourceName/${resource}`
    const { body } = await desk.call<{ spec: { release?: { image?: string } } }>('GET', path)
    return body.spec.release?.image
  }
  return { desk, stackName: platform.project.key, id, register, taken, image }
}

test('what CI registers is taken by those whom it is for, wherever it was registered', async (t: TestContext) => {
  const { stackName, id, register, taken, image } = await openPlatform()
  const applicationName = 'backend'
  await register(`${v1}/artifacts/register-by-env`, {
    ...{ applicationName, stackName, clusterName: 'prod', artifactUri: 'r/backend:prod' },
  })
  await register(`${v1}/artifacts/register-by-release-stream`, {
    ...{ applicationName, stackName, releaseStream: 'STAGING', artifactUri: 'r/backend:staging' },
  })
  t.assert.deepEqual(
    [await image('prod', 'api'), await image('staging', 'api'), await image('prod', 'web')],
    ['r/backend:prod', 'r/backend:staging', undefined],
  )
  const made = await register(`${v1}/artifacts/registerV2`, {
    ...{
      applicationName: 'web',
      clusterId: id('staging'),
      artifactUri: 'r/web:1',
      registrationType: 'ENVIRONMENT',
    },
    ...{ externalId: '17', tag: 'main', description: 'a build', metadata: { by: 'ci' }, artifactory: 'ecr' },
  })
  t.assert.partialDeepStrictEqual(made, {
    ...{
      applicationName: 'web',
      artifactUri: 'r/web:1',
      clusterId: id('staging'),
      stackName,
      artifactory: 'ecr',
    },
    ...{ externalId: '17', tag: 'main', description: 'a build', metadata: { by: 'ci' } },
    registrationType: 'ENVIRONMENT',
  })
  // The machine's address of old is the same.
  await register('/cc/v1/artifacts/register', { applicationName: 'other', clusterId: id('prod') })
  t.assert.deepEqual(await taken('staging'), { backend: 'r/backend:staging', web: 'r/web:1' })
  t.assert.deepEqual(await taken('prod'), { backend: 'r/backend:prod', other: 'r/x:1' })
})

test('what a resource takes is told, with its history, and an older one is taken again', async (t: TestContext) => {
  const { desk, id, register, image } = await openPlatform()
  for (const tag of ['1', '2', '3'])
    await register(`${v1}/artifacts/registerV2`, {
      ...{ applicationName: 'backend', clusterId: id('prod'), artifactUri: `r/backend:${tag}` },
    })
  const of = `${v1}/artifacts/cluster/${id('prod')}/resourceType/service/resourceName/api`
  const [now, ...others] = (await desk.call<Artifact[]>('GET', of)).body
  t.assert.deepEqual([now?.artifactUri, others], ['r/backend:3', []])
  const history = async (query = '') => {
    const { body } = await desk.call<Artifact[]>('GET', `${v1}/versions/${now?.versioningKey}${query}`)
    return body.map(({ artifactUri }) => artifactUri)
  }
  t.assert.deepEqual(await history(), ['r/backend:3', 'r/backend:2', 'r/backend:1'])
  t.assert.deepEqual(await history('?page=1&perPage=2'), ['r/backend:1'])
  const { body } = await desk.call<Artifact[]>('GET', `${v1}/versions/${now?.versioningKey}?perPage=5`)
  const restored = await desk.call<Artifact>('POST', `${v1}/versions/${body.at(-1)?.versionId}/restore`)
  t.assert.equal(restored.body.artifactUri, 'r/backend:1')
  t.assert.equal(await image('prod', 'api'), 'r/backend:1')
  t.assert.equal((await history()).length, 4)
  for (const other of ['0'.repeat(24), 'nothing'])
    t.assert.equal((await desk.errorOf('POST', `${v1}/versions/${other}/restore`)).status, 404)
})

test('a release says which artifacts it brought, and the next one only what is new', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const { desk, id, register } = await openPlatform()
  const path = `${v1}/clusters/${id('prod')}/deployments/release`
  const bring = async (applicationName: string, artifactUri: string) => {
    await register(`${v1}/artifacts/registerV2`, { applicationName, clusterId: id('prod'), artifactUri })
    const { body } = await desk.call('PUT', path)
    return (await desk.ended(path.replace('/release', ''), body.id!)).appDeployments
  }
  const backend = { appName: 'api', artifact: 'r/backend:1' }
  t.assert.deepEqual(await bring('backend', backend.artifact), [backend])
  t.assert.deepEqual(await bring('web', 'r/web:1'), [{ appName: 'web', artifact: 'r/web:1' }])
})

test('an artifact that does not say what and for whom is refused, and says why', async (t: TestContext) => {
  const { desk, stackName, id } = await openPlatform()
  const all = { applicationName: 'a', artifactUri: 'r/a:1', stackName }
  for (const [path, json, status, said] of [
    ['registerV2', { ...all, applicationName: '' }, 400, /^applicationName is required/],
    ['registerV2', { ...all, artifactUri: null }, 400, /^artifactUri is required/],
    ['registerV2', { ...all, metadata: 'x' }, 400, /^metadata/],
    ['registerV2', { ...all, registrationType: 'ENVIRONMENT' }, 400, /^clusterId is required/],
    ['registerV2', { ...all, registrationType: 'RELEASE_STREAM' }, 400, /^releaseStream is required/],
    ['registerV2', { ...all, registrationType: 'NEVER' }, 400, /^registrationType must be one of/],
    ['registerV2', { ...all, stackName: 'nowhere' }, 404, /nowhere/],
    ['registerV2', { ...all, clusterId: '0'.repeat(24) }, 404, /0000/],
    ['register-by-env', all, 400, /^clusterName is required/],
    ['register-by-env', { ...all, clusterName: 'nowhere' }, 404, /nowhere/],
    ['register-by-release-stream', all, 400, /^releaseStream is required/],
    ['registerV2', [], 400, /JSON object/],
  ] as const) {
    const refused = await desk.errorOf('POST', `${v1}/artifacts/${path}`, { json })
    t.assert.equal(refused.status, status, JSON.stringify(json))
    t.assert.match(refused.message, said)
  }
  const json = { ...all, clusterId: id('prod') }
  t.assert.equal(
    (await desk.errorOf('POST', `${v1}/artifacts/registerV2`, { json, as: 'viewer' })).status,
    403,
  )
  t.assert.equal((await desk.errorOf('POST', `${v1}/artifacts/registerV2`, { json, as: null })).status, 401)
})

test('whatever is sent to what stacks and clusters are told by, it answers, and never with a 5xx', async (t: TestContext) => {
  const { desk, stackName, id } = await openPlatform()
  const usual: Record<string, string> = {
    ...{
      clusterId: id('prod'),
      stackName,
      clusterName: 'prod',
      resourceType: 'service',
      resourceName: 'api',
    },
  }
  const odd = ['\0', '\ud800', '../..', 'é'.repeat(3000)]
  const bodies = [null, [null], 7, { overrides: { a: '\ud800' } }]
  const fill = {
    applicationName: 'a',
    artifactUri: '\0',
    stackName,
    clusterName: 'prod',
    releaseStream: '\ud800',
  }
  const { clusters, stacks, resources, artifacts } = allEndpoints
  const all: Endpoint[] = [clusters, stacks, resources, artifacts].flatMap((table) => Object.values(table))
  for (const { method, path, state } of all.filter((one) => one.state !== 'absent')) {
    const names = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
    const at = (change: Record<string, string> = {}) =>
      path.replaceAll(/:(\w+)/g, (_, name: string) => encoded(change[name] ?? usual[name] ?? 'x'))
    const tries = names.flatMap((name) =>
      odd.map((value) => ({ url: at({ [name]: value }), json: undefined as unknown })),
    )
    const sent = method === 'GET' ? [] : [...bodies, fill].map((json) => ({ url: at(), json }))
    const asked = ['?resources=%00&page=1e9', '?resources=a&resources=b&perPage=99999999']
    for (const { url, json } of [
      ...tries,
      ...sent,
      ...asked.map((query) => ({ url: at() + query, json: undefined })),
    ]) {
      const { status } = await desk.call(method, url, json === undefined ? {} : { json })
      t.assert.ok(status < 500, `${method} ${url} (${state}) answered ${status} to ${JSON.stringify(json)}`)
    }
  }
})

const encoded = (text: string) => (text.isWellFormed() ? encodeURIComponent(text) : '%ED%A0%80')
