import { test, type TestContext } from 'node:test'
import { terraformOrSkip } from '../../infra-house.ts'
import { sharedDesk } from './open-desk.ts'

const shared = sharedDesk()

const config = (name: string, content: string) => ({ type: 'config', name, spec: { content } })

test('a release answers at once, is in progress, and says in the end what it changed', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const desk = shared()
  const platform = await desk.house.platform({ resources: [config('a', 'one'), config('b', 'two')] })
  const path = desk.deployments(platform)
  const asked = await desk.call('PUT', `${path}/release?comment=first`)
  t.assert.equal(asked.status, 200)
  t.assert.equal(asked.body.status, 'IN_PROGRESS')
  t.assert.match(asked.body.id!, /^[0-9a-f]{24}$/)
  const { status, releaseType, changesApplied, triggeredBy, ...more } = await desk.ended(path, asked.body.id!)
  t.assert.deepEqual(more.errorLogs, [])
  t.assert.equal(status, 'SUCCEEDED')
  t.assert.deepEqual(
    { releaseType, changesApplied, triggeredBy },
    {
      releaseType: 'RELEASE',
      changesApplied: [
        { resourcePath: 'config/a: file_text.this', resourceKey: 'config/a', type: 'Creation' },
        { resourcePath: 'config/b: file_text.this', resourceKey: 'config/b', type: 'Creation' },
      ],
      triggeredBy: 'releaser@example.com',
    },
  )
  t.assert.deepEqual(
    { refresh: more.withRefresh, force: more.forceRelease, comment: more.releaseComment },
    { refresh: true, force: false, comment: 'first' },
  )
  t.assert.equal(platform.real('prod/a.config'), 'one')
})

test('nothing changed is FAULT, forced it succeeds, and drift is repaired by a refresh only', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const desk = shared()
  const platform = await desk.house.platform({ resources: [config('a', 'one')] })
  const path = desk.deployments(platform)
  t.assert.equal((await desk.released('PUT', `${path}/release`)).status, 'SUCCEEDED')

  // As the vendor's Python client sends it: a body, and booleans in capitals (2.7).
  const same = await desk.released('PUT', `${path}/release?withRefresh=False&forceRelease=FALSE`, {
    json: {},
  })
  t.assert.deepEqual([same.status, same.changesApplied, same.withRefresh], ['FAULT', [], false])
  t.assert.equal((await desk.released('PUT', `${path}/release`, { json: {} })).status, 'FAULT')

  const forced = await desk.released('PUT', `${path}/release?forceRelease=True&withRefresh=false`)
  t.assert.deepEqual([forced.status, forced.changesApplied, forced.forceRelease], ['SUCCEEDED', [], true])

  platform.tamper('prod/a.config', 'tampered')
  t.assert.equal((await desk.released('PUT', `${path}/release?withRefresh=false`)).status, 'FAULT')
  t.assert.equal(platform.real('prod/a.config'), 'tampered')
  const repaired = await desk.released('PUT', `${path}/release?withRefresh=true`)
  t.assert.deepEqual(
    [repaired.status, repaired.changesApplied?.map(({ type }) => type)],
    ['SUCCEEDED', ['Modifications']],
  )
  t.assert.equal(platform.real('prod/a.config'), 'one')

  const stats = await desk.call<{ stats: object; dateWiseCounts: object[] }>('GET', `${path}/stats`)
  t.assert.deepEqual(stats.body.stats, {
    ...{ successReleases: 3, failedReleases: 0, noChangeReleases: 3, isFirstRelease: false },
  })
  await finds(t, desk, path, repaired.id!)
})

/** What was released is found again in every way. */
async function finds(t: TestContext, desk: ReturnType<typeof shared>, path: string, newest: string) {
  type Logs = { id: string; status: string }[]
  const search = async (query: string) => {
    const { body } = await desk.call<{ content: Logs; totalPages: number; totalElements: number }>(
      'GET',
      `${path}/search?${query}`,
    )
    return { ...body, words: body.content.map(({ status }) => status) }
  }
  const faults = await search('status=FAULT&pageSize=2')
  t.assert.deepEqual([faults.words, faults.totalElements, faults.totalPages], [['FAULT', 'FAULT'], 3, 2])
  t.assert.deepEqual((await search('status=FAULT&pageSize=2&pageNumber=1')).words, ['FAULT'])
  t.assert.deepEqual((await search('excludeStatus=FAULT&excludeStatus=FAILED')).words, [
    'SUCCEEDED',
    'SUCCEEDED',
    'SUCCEEDED',
  ])
  t.assert.equal((await search('triggeredBy=RELEASER@example.com&releaseType=RELEASE')).totalElements, 6)
  t.assert.equal((await search('triggeredBy=nobody@example.com')).totalElements, 0)
  t.assert.equal((await search('releaseType=HOTFIX')).totalElements, 0)
  t.assert.equal((await search('signedOff=True')).totalElements, 0)
  t.assert.equal((await search(`start=${new Date(Date.now() + 3_600_000).toISOString()}`)).totalElements, 0)
  const { body: list } = await desk.call<{ deployments: Logs; stack: string }>('GET', path)
  t.assert.deepEqual([list.deployments.length, list.deployments.at(-1)!.id], [6, newest])
  t.assert.equal((await desk.call('GET', `${path}/latest-successful-release`)).body.id, newest)
  t.assert.equal((await desk.call('GET', `${path}/latest-successful-release/a`)).body.id, newest)
  t.assert.equal((await desk.call('GET', `${path}/latest-successful-release/b`)).status, 404)
  t.assert.equal((await desk.call<string>('GET', `${path}/state`)).body, 'RUNNING')
  const { body: over } = await desk.call<{ latestDeployment: { id: string }; queuedReleases: object[] }>(
    'GET',
    `${path}/overview`,
  )
  t.assert.deepEqual([over.latestDeployment.id, over.queuedReleases], [newest, []])
}

test('what a release does is told attribute by attribute, and what it said line by line', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const desk = shared()
  const platform = await desk.house.platform({ resources: [config('a', 'one')] })
  const path = desk.deployments(platform)
  await desk.released('PUT', `${path}/release`)
  platform.write(config('a', 'two'))
  const { id } = await desk.released('PUT', `${path}/release?releaseTraceId=trace-1`)
  type Changes = { changes: { changedAttributes: { attribute: string }[] }[] }
  const { body } = await desk.call<Changes>('GET', `${path}/${id}/release-changes`)
  const [{ changedAttributes, ...change } = { changedAttributes: [] }] = body.changes
  t.assert.deepEqual(change, {
    ...{ changeType: 'MODIFIED', resourceType: 'config', resourceName: 'a', flavor: 'default' },
  })
  t.assert.deepEqual(
    changedAttributes.find(({ attribute }) => attribute === 'file_text.this.content'),
    { attribute: 'file_text.this.content', oldValue: 'one', newValue: 'two' },
  )
  const bulk = await desk.call<Changes[]>('POST', `${path}/release-changes/bulk`, {
    json: { deploymentIds: [id] },
  })
  t.assert.deepEqual(bulk.body, [body])
  t.assert.equal((await desk.call('GET', `${path}/trace-id/trace-1`)).body.id, id)
  t.assert.equal((await desk.call('GET', `${path}/trace-id/another`)).status, 404)

  type Page = { nextToken: string; logEventList: { timestamp: number; message: string }[] }
  const { body: page } = await desk.call<Page>('GET', `${path}/${id}/logs`)
  t.assert.ok(page.logEventList.length > 2)
  const rest = await desk.call<Page>('GET', `${path}/${id}/logs?nextToken=${page.nextToken}`)
  t.assert.deepEqual(rest.body, { nextToken: page.nextToken, logEventList: [] })
  const { body: stream } = await desk.call<string>('GET', `${path}/${id}/logs/stream`)
  t.assert.equal(stream, page.logEventList.map(({ message }) => `${message}\n`).join(''))
  const { body: plan } = await desk.call<Record<string, string>>('GET', `${path}/${id}/download-plan`)
  t.assert.equal(plan['plan.txt'], '~ config/a: file_text.this\n')
})

test('what is live stays until it may be destroyed, and all of it goes when asked for', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const desk = shared()
  const platform = await desk.house.platform({ resources: [config('a', 'one'), config('b', 'two')] })
  const path = desk.deployments(platform)
  t.assert.equal((await desk.call<string>('GET', `${path}/state`)).body, 'STOPPED')
  t.assert.equal((await desk.released('PUT', `${path}/launch`)).releaseType, 'LAUNCH')
  platform.erase('config', 'b')
  const refused = await desk.released('PUT', `${path}/release`)
  t.assert.equal(refused.status, 'FAILED')
  t.assert.match(JSON.stringify(refused.errorLogs), /config\/b/)
  t.assert.deepEqual([refused.changesApplied, platform.real('prod/b.config')], [[], 'two'])
  const allowed = await desk.released('PUT', `${path}/releaseV2/release?allowDestroy=true`)
  t.assert.deepEqual(
    [allowed.status, allowed.changesApplied],
    [
      'SUCCEEDED',
      [{ resourcePath: 'config/b: file_text.this', resourceKey: 'config/b', type: 'Destruction' }],
    ],
  )
  t.assert.equal(platform.real('prod/b.config'), undefined)
  const gone = await desk.released('DELETE', `${path}/destroy`)
  t.assert.deepEqual([gone.status, gone.releaseType, gone.isDestroy], ['SUCCEEDED', 'DESTROY', true])
  t.assert.equal(platform.real('prod/a.config'), undefined)
  t.assert.equal((await desk.call<string>('GET', `${path}/state`)).body, 'STOPPED')
})

test('a blueprint with an error is INVALID, says where, and runs nothing', async (t: TestContext) => {
  const desk = shared()
  const platform = await desk.house.platform({
    resources: [config('a', '${config.nowhere.out.attributes.path}')],
  })
  const path = desk.deployments(platform)
  const { body } = await desk.call('PUT', `${path}/release`)
  t.assert.equal(body.status, 'INVALID')
  const [finding] = body.validationResponses!
  t.assert.deepEqual(
    [finding!.category, finding!.severity, finding!.filename, finding!.resourceName],
    ['Non-Existent Resource Reference', 'ERROR', 'config/instances/a.json', 'a'],
  )
  t.assert.equal(body.validationResult!.valid, false)
  t.assert.equal((await desk.call('GET', `${path}/${body.id}`)).body.status, 'INVALID')
  t.assert.deepEqual(platform.touched, [])
})
