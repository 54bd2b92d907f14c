import { test, type TestContext } from 'node:test'
import { idOf } from '#surfaces/facets/ids.ts'
import type { QueuedRelease } from '#surfaces/facets/wire/deployment.ts'
import { terraformOrSkip, type Platform } from '../../infra-house.ts'
import { sharedDesk } from './open-desk.ts'

const shared = sharedDesk()
const config = (name: string, content: string) => ({ type: 'config', name, spec: { content } })
const clusterOf = (platform: Platform) => `/cc-ui/v1/clusters/${idOf(platform.environments['prod']!.id)}`

test('what may queue waits in its turn, is listed, and can be taken out', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const desk = shared()
  const platform = await desk.house.platform({ resources: [config('a', 'one')] })
  const path = desk.deployments(platform)
  const { promise, resolve } = Promise.withResolvers<void>()
  platform.onTouch = () => promise
  const first = await desk.call('PUT', `${path}/release`)
  const refused = await desk.errorOf('PUT', `${path}/release`)
  t.assert.deepEqual(refused, { status: 403, message: 'A deployment is already in progress', code: '403' })
  const ask = async (comment: string) =>
    (await desk.call('PUT', `${path}/release?canQueue=True&comment=${comment}`)).body
  const [second, third] = [await ask('second'), await ask('third')]
  t.assert.deepEqual([second.status, third.status], ['QUEUED', 'QUEUED'])
  const queue = `${clusterOf(platform)}/queued-releases`
  const listed = await desk.call<QueuedRelease[]>('GET', `${queue}/`)
  t.assert.deepEqual(
    listed.body.map(({ id, comment, canQueue, releaseType }) => ({ id, comment, canQueue, releaseType })),
    [second, third].map(({ id, releaseComment: comment }) => ({
      ...{ id, comment, canQueue: true, releaseType: 'RELEASE' },
    })),
  )
  t.assert.equal((await desk.call('DELETE', `${queue}/${second.id}`)).status, 200)
  t.assert.equal((await desk.errorOf('DELETE', `${queue}/${second.id}`)).status, 409)
  t.assert.equal((await desk.errorOf('DELETE', `${queue}/${first.body.id}`)).status, 409)
  t.assert.equal((await desk.errorOf('DELETE', `${queue}/${'0'.repeat(24)}`)).status, 404)
  const left = await desk.call<QueuedRelease[]>('GET', queue)
  t.assert.deepEqual(
    left.body.map(({ id }) => id),
    [third.id],
  )
  resolve()
  t.assert.equal((await desk.ended(path, third.id!)).status, 'FAULT')
  t.assert.equal((await desk.ended(path, second.id!)).status, 'STOPPED')
  t.assert.deepEqual((await desk.call('GET', queue)).body, [])
})

test('a pause stops releases, of a cluster or of all of a stack, until it is taken back', async (t: TestContext) => {
  const desk = shared()
  const platform = await desk.house.platform({ resources: [config('a', 'one')] })
  const path = desk.deployments(platform)
  const cluster = clusterOf(platform)
  const toggle = async (to: string, pauseReleases: unknown, as: 'approver' | 'releaser' | 'viewer') =>
    (await desk.call('POST', to, { as, json: { pauseReleases } })).status
  const paused = async () =>
    (await desk.call<{ isScheduledReleasesPaused: boolean }>('GET', `${path}/overview`)).body
      .isScheduledReleasesPaused
  const stack = `/cc-ui/v1/stacks/${platform.project.key}/toggleRelease`
  for (const to of [`${cluster}/pause-release`, stack]) {
    t.assert.equal(await toggle(to, true, 'viewer'), 403)
    t.assert.equal(await toggle(to, undefined, 'releaser'), 400)
    t.assert.equal(await toggle(to, 'yes', 'releaser'), 400)
    t.assert.equal(await toggle(to, true, 'releaser'), 200)
    t.assert.equal(await toggle(to, true, 'releaser'), 200)
    t.assert.equal(await paused(), true)
    const refused = await desk.errorOf('PUT', `${path}/release`)
    t.assert.equal(refused.status, 403)
    t.assert.match(refused.message, /paused/)
    t.assert.equal(await toggle(to, false, 'approver'), 200)
    t.assert.equal(await paused(), false)
  }
  const other = { clusterId: '0'.repeat(24), pauseReleases: true }
  t.assert.equal((await desk.errorOf('POST', `${cluster}/pause-release`, { json: other })).status, 400)
})
