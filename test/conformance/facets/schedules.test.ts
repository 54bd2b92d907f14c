import { test, type TestContext } from 'node:test'
import { listEvents } from '#app/events/list-events.ts'
import { fireSchedule } from '#app/schedules/fire-schedule.ts'
import { idOf } from '#surfaces/facets/ids.ts'
import type { ReleaseSchedule } from '#surfaces/facets/wire/schedule.ts'
import { until } from '../../code-house.ts'
import { terraformOrSkip, type Platform } from '../../infra-house.ts'
import { sharedDesk } from './open-desk.ts'

const shared = sharedDesk()
const config = (name: string, content: string) => ({ type: 'config', name, spec: { content } })
const pathOf = ({ environments }: Platform) => `/cc-ui/v1/clusters/${idOf(environments['prod']!.id)}/schedule`

test('a schedule is made, read, changed and removed in the vendor’s words', async (t: TestContext) => {
  const desk = shared()
  const platform = await desk.house.platform({ resources: [config('a', 'one')] })
  const path = pathOf(platform)
  const json = {
    ...{ releaseType: 'RELEASE', frequency: 'WEEKLY', interval: 1, byDay: ['MONDAY', 'FRI'] },
    ...{ byTime: '04:30', timeZone: 'Europe/Paris', isPaused: false },
  }
  t.assert.equal((await desk.errorOf('POST', path, { json, as: 'viewer' })).status, 403)
  const { status, body } = await desk.call<ReleaseSchedule>('POST', path, { json })
  t.assert.equal(status, 200)
  t.assert.match(body.id!, /^[0-9a-f]{24}$/)
  t.assert.deepEqual(
    { ...body, id: undefined, nextReleaseTime: undefined, createdOn: undefined },
    {
      ...{ ...json, byDay: ['MONDAY', 'FRIDAY'], id: undefined, clusterId: path.split('/')[4] },
      ...{ withRefresh: true, forceRelease: false, allowDestroy: false, cron: '30 4 * * 1,5' },
      ...{ nextReleaseTime: undefined, createdOn: undefined },
    },
  )
  t.assert.deepEqual((await desk.call<ReleaseSchedule[]>('GET', path)).body, [body])
  t.assert.deepEqual((await desk.call('GET', `${path}/${body.id}`)).body, body)
  const changed = { ...json, frequency: 'HOURLY', interval: 6, byTime: '00:15', byDay: [], isPaused: true }
  const after = await desk.call<ReleaseSchedule>('PUT', `${path}/${body.id}`, { json: changed })
  t.assert.deepEqual(
    [after.body.cron, after.body.isPaused, after.body.nextReleaseTime],
    ['15 */6 * * *', true, undefined],
  )
  t.assert.equal((await desk.call('DELETE', `${path}/${body.id}`)).status, 200)
  t.assert.deepEqual((await desk.call('GET', path)).body, [])
  t.assert.equal((await desk.errorOf('GET', `${path}/${body.id}`)).status, 404)
})

test('a schedule that cannot come as it says is refused with the field', async (t: TestContext) => {
  const desk = shared()
  const path = pathOf(await desk.house.platform({ resources: [config('a', 'one')] }))
  for (const [json, message] of [
    [{}, /frequency/],
    [{ frequency: 'YEARLY' }, /frequency/],
    [{ frequency: 'PER_MINUTE', interval: 7 }, /interval must divide 60/],
    [{ frequency: 'HOURLY', interval: 24 }, /interval/],
    [{ frequency: 'DAILY', interval: 2 }, /interval/],
    [{ frequency: 'DAILY', interval: '1' }, /interval/],
    [{ frequency: 'DAILY', byTime: '25:00' }, /byTime/],
    [{ frequency: 'WEEKLY' }, /byDay/],
    [{ frequency: 'WEEKLY', byDay: ['SOMEDAY'] }, /byDay/],
    [{ frequency: 'DAILY', timeZone: 'Europe/Atlantis' }, /time_?zone/i],
    [{ frequency: 'DAILY', releaseType: 'DESTROY' }, /releaseType/],
    [{ frequency: 'DAILY', releaseType: 'HOTFIX' }, /hotfixResources/],
    [{ frequency: 'DAILY', isPaused: 'no' }, /isPaused/],
    [[], /object/],
  ] as const) {
    const refused = await desk.errorOf('POST', path, { json })
    t.assert.equal(refused.status, 400, JSON.stringify(json))
    t.assert.match(refused.message, message)
  }
})

test('its time comes: it releases what the blueprint is then, once, and tells why it did not', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const desk = shared()
  const { house } = desk
  const platform = await house.platform({ resources: [config('a', 'one')] })
  const path = pathOf(platform)
  const json = { frequency: 'DAILY', byTime: '04:30', timeZone: 'Europe/Paris' }
  const { id } = (await desk.call<ReleaseSchedule>('POST', path, { json })).body
  const read = async () => (await desk.call<ReleaseSchedule>('GET', `${path}/${id}`)).body
  const { nextReleaseTime } = await read()
  // Several of its times pass while nobody works: they are made up for once.
  house.clock.now = new Date(Date.parse(nextReleaseTime!) + 3 * 86_400_000 + 60_000)
  await house.engine!.sweep()
  const fired = await until(read, ({ lastDeploymentId }) => lastDeploymentId !== undefined, 'its release')
  t.assert.ok(Date.parse(fired.nextReleaseTime!) > house.clock.now.getTime())
  const all = desk.deployments(platform)
  const { status, releaseType } = await desk.ended(all, fired.lastDeploymentId!)
  t.assert.deepEqual([status, releaseType], ['SUCCEEDED', 'RELEASE'])
  const { body } = await desk.call<{ deployments: unknown[] }>('GET', all)
  t.assert.equal(body.deployments.length, 1)
  const { body: seen } = await desk.call<{ executionTime: object }>('GET', `${all}/overview`)
  t.assert.deepEqual(Object.keys(seen.executionTime), ['RELEASE'])

  const pausing = path.replace(/schedule$/, 'pause-release')
  await desk.call('POST', pausing, { json: { pauseReleases: true } })
  house.clock.now = new Date(Date.parse(fired.nextReleaseTime!) + 1000)
  await house.engine!.sweep()
  const skipped = await until(read, ({ lastSkipReason }) => lastSkipReason !== undefined, 'its skipping')
  t.assert.match(skipped.lastSkipReason!, /paused/)
  t.assert.ok(Date.parse(skipped.nextReleaseTime!) > house.clock.now.getTime())
  const events = await listEvents(house.ctx, { project_id: platform.project.id, limit: 50 })
  t.assert.equal(events.filter(({ kind }) => kind === 'schedule.skipped').length, 1)
})

test('a busy cluster is left out, and of many who see the time come one sees to it', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const desk = shared()
  const { house } = desk
  const platform = await house.platform({ resources: [config('a', 'one')] })
  const path = pathOf(platform)
  const { promise, resolve } = Promise.withResolvers<void>()
  platform.onTouch = () => promise
  const all = desk.deployments(platform)
  const running = await desk.call('PUT', `${all}/release`)
  const json = {
    frequency: 'PER_MINUTE',
    interval: 5,
    releaseType: 'HOTFIX',
    hotfixResources: [{ resourceType: 'config', resourceName: 'a' }],
  }
  const { id } = (await desk.call<ReleaseSchedule>('POST', path, { json })).body
  const row = await house.house.db
    .selectFrom('release_schedule')
    .select('id')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  house.clock.now = new Date(house.clock.now.getTime() + 5 * 60_000)
  await Promise.all([1, 2, 3].map(() => fireSchedule(house.ctx, row.id)))
  const read = async () => (await desk.call<ReleaseSchedule>('GET', `${path}/${id}`)).body
  t.assert.match((await read()).lastSkipReason ?? '', /\S/)
  resolve()
  await desk.ended(all, running.body.id!)
  house.clock.now = new Date(house.clock.now.getTime() + 5 * 60_000)
  await Promise.all([1, 2, 3].map(() => fireSchedule(house.ctx, row.id)))
  const { lastDeploymentId, lastSkipReason } = await read()
  t.assert.equal(lastSkipReason, undefined)
  t.assert.equal((await desk.ended(all, lastDeploymentId!)).releaseType, 'HOTFIX')
  const { body } = await desk.call<{ deployments: unknown[] }>('GET', all)
  t.assert.equal(body.deployments.length, 2)
  await desk.call('DELETE', `${path}/${id}`)
})
