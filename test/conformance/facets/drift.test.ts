import { test, type TestContext } from 'node:test'
import { terraformOrSkip, type ResourceFile } from '../../infra-house.ts'
import { sharedDesk } from './open-desk.ts'

const shared = sharedDesk()

const config = (name: string, content: string): ResourceFile => ({ type: 'config', name, spec: { content } })
const service = (replicas: number): ResourceFile => ({ type: 'service', name: 'api', spec: { replicas } })

/** As the vendor's Python client asks for a selective release: every parameter, booleans in capitals (2.7). */
const recipe = (refresh: 'True' | 'False', ...names: string[]) => ({
  query: `allowDestroy=False&withRefresh=${refresh}&forceRelease=False&isPlan=False&canQueue=False`,
  json: { resourceList: names.map((resourceName) => ({ resourceName, resourceType: 'config' })) },
})

test('a release looks for drift unless it is told not to; a selective one only where it is told to', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const desk = shared()
  const platform = await desk.house.platform({ resources: [config('a', 'A'), config('b', 'B')] })
  const path = desk.deployments(platform)
  const texts = () => ['a', 'b'].map((name) => platform.real(`prod/${name}.config`))
  const tamper = () => {
    platform.tamper('prod/a.config', 'tampered')
    platform.tamper('prod/b.config', null)
  }
  await desk.released('PUT', `${path}/release`, { json: {} })

  tamper()
  platform.touched.length = 0
  const left = await desk.released('PUT', `${path}/release?withRefresh=False`, { json: {} })
  t.assert.deepEqual([left.status, left.changesApplied], ['FAULT', []])
  const json = recipe('False', 'a').json
  const selective = await desk.released('POST', `${path}/recipes/deployment/hotfix`, { json })
  t.assert.deepEqual(
    [selective.status, selective.withRefresh, texts()],
    ['FAULT', false, ['tampered', undefined]],
  )
  t.assert.deepEqual(platform.touched, [], 'nobody looked')

  const repaired = await desk.released('PUT', `${path}/release`, { json: {} })
  t.assert.deepEqual([repaired.status, repaired.withRefresh, texts()], ['SUCCEEDED', true, ['A', 'B']])
  t.assert.deepEqual(
    repaired.changesApplied?.map(({ resourceKey, type }) => [resourceKey, type]),
    [
      ['config/a', 'Modifications'],
      ['config/b', 'Creation'],
    ],
  )

  tamper()
  const one = recipe('True', 'b')
  const hotfix = `${path}/release/deployment/hotfix?${one.query}`
  t.assert.equal((await desk.released('POST', hotfix, { json: one.json })).status, 'SUCCEEDED')
  t.assert.deepEqual(texts(), ['tampered', 'B'], 'what was not selected stays as it is')
})

test('drift that is what the blueprint says by now is FAULT; a plan shows drift and repairs none', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const desk = shared()
  const environments = [{ name: 'prod' }, { name: 'staging' }]
  const platform = await desk.house.platform({ resources: [service(1)], environments })
  const [prod, staging] = [desk.deployments(platform), desk.deployments(platform, 'staging')]
  const both = await Promise.all([prod, staging].map((path) => desk.released('PUT', `${path}/release`)))
  t.assert.deepEqual(
    both.map(({ status }) => status),
    ['SUCCEEDED', 'SUCCEEDED'],
  )
  platform.tamper('prod/api.service', '{"replicas":2}')
  platform.write(service(2))
  const same = await desk.released('PUT', `${prod}/release?withRefresh=True`)
  t.assert.deepEqual([same.status, same.changesApplied], ['FAULT', []])
  t.assert.equal(platform.real('staging/api.service'), '{"replicas":1}', 'the other cluster is its own')

  platform.tamper('prod/api.service', 'tampered')
  const planned = await desk.released('PUT', `${prod}/releaseV2/PLAN?withRefresh=True`)
  t.assert.equal(planned.releaseType, 'PLAN')
  t.assert.equal(platform.real('prod/api.service'), 'tampered')
  const applied = await desk.released('PUT', `${prod}/release?withRefresh=True`)
  t.assert.deepEqual([applied.status, platform.real('prod/api.service')], ['SUCCEEDED', '{"replicas":2}'])
})
