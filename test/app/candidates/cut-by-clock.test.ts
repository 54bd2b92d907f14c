import { renameSync } from 'node:fs'
import { test, type TestContext } from 'node:test'
import { cutByClock } from '#app/candidates/cut-by-clock.ts'
import { nextCut } from '#domain/cut-time.ts'
import { sharedCodeHouse, until, type Shop } from '../../code-house.ts'

const open = sharedCodeHouse()
const paris = { time_zone: 'Europe/Paris', cut_cron: '0 9 * * 1-5' }
const monday = new Date('2026-11-23T08:00:00Z')

/** A shop that is cut at nine on weekdays, and whose clock stands an hour before its next cut, on Monday. */
async function clockwork(options: Parameters<ReturnType<typeof open>['shop']>[0] = {}): Promise<Shop> {
  const house = open()
  house.clock.now = new Date('2026-11-23T07:00:00Z')
  return house.shop({ ...options, settings: { ...paris, next_cut_at: monday, ...options.settings } })
}

function cutsOf({ project }: Shop): Promise<{ version: string; cause: string; commit_sha: string | null }[]> {
  const query = open().ctx.db.selectFrom('candidate').select(['version', 'cause', 'commit_sha'])
  return query.where('project_id', '=', project.id).orderBy('ordinal').execute()
}

async function versionsOf(shop: Shop): Promise<string[]> {
  return (await cutsOf(shop)).map(({ version }) => version)
}

function eventsOf({ project }: Shop, kind: 'cut.skipped' | 'cut.failed') {
  const query = open().ctx.db.selectFrom('event').select(['reason', 'data']).where('kind', '=', kind)
  return query.where('project_id', '=', project.id).orderBy('id').execute()
}

async function nextOf({ project }: Shop) {
  const query = open().ctx.db.selectFrom('code_settings').select(['next_cut_at', 'cut_tries', 'cut_again_at'])
  return query.where('project_id', '=', project.id).executeTakeFirstOrThrow()
}

/** Sets the clock, and waits until the project's next cut is at another time than it was. */
async function at(shop: Shop, time: string) {
  const house = open()
  const before = (await nextOf(shop)).next_cut_at?.getTime()
  house.clock.now = new Date(time)
  await house.engine!.sweep()
  await until(
    () => nextOf(shop),
    ({ next_cut_at }) => next_cut_at?.getTime() !== before,
    'the next time',
  )
}

test('a project is cut by the clock where it is, and goes where it goes by itself', async (t: TestContext) => {
  const house = open()
  const shop = await clockwork({ deploy_to: 'staging' })
  await house.engine!.sweep()
  t.assert.deepEqual(await versionsOf(shop), [], 'not before its time')
  await at(shop, '2026-11-23T08:00:30Z')
  t.assert.deepEqual(await cutsOf(shop), [
    { version: '2026.11.23-1-rc1', cause: 'schedule', commit_sha: shop.repository.head() },
  ])
  t.assert.deepEqual((await nextOf(shop)).next_cut_at, new Date('2026-11-24T08:00:00Z'))
  t.assert.deepEqual((await shop.deployments('staging'))[0]!.slice(0, 1), ['2026.11.23-1-rc1'])
})

test('nothing is cut where nothing that the project releases has changed', async (t: TestContext) => {
  const shop = await clockwork({ settings: { paths: ['services/shop/**'] } })
  await at(shop, '2026-11-23T08:00:30Z')
  shop.repository.commit('docs: elsewhere', { 'docs/a.md': '1' })
  await at(shop, '2026-11-24T08:00:30Z')
  t.assert.deepEqual(await versionsOf(shop), ['2026.11.23-1-rc1'])
  const [skipped] = await eventsOf(shop, 'cut.skipped')
  t.assert.equal(skipped!.reason, 'Nothing that the project releases has changed since 2026.11.23-1-rc1.')
  shop.repository.commit('fix: here', { 'services/shop/a.txt': '1' })
  await at(shop, '2026-11-25T08:00:30Z')
  t.assert.deepEqual(await versionsOf(shop), ['2026.11.23-1-rc1', '2026.11.25-1-rc1'])
})

test('what was cut by hand is not cut again, what was cut elsewhere does not count', async (t: TestContext) => {
  const shop = await clockwork()
  await shop.cut({ version: '1.0.0-rc1' })
  await at(shop, '2026-11-23T08:00:30Z')
  t.assert.deepEqual(await versionsOf(shop), ['1.0.0-rc1'])
  shop.repository.commit('feat: on main', { 'b.txt': '1' })
  shop.repository.branch('side')
  shop.repository.commit('feat: on the side', { 'c.txt': '1' })
  shop.repository.branch('main')
  await shop.cut({ version: '1.1.0-rc1', branch: 'side' })
  await at(shop, '2026-11-24T08:00:30Z')
  t.assert.deepEqual(await versionsOf(shop), ['1.0.0-rc1', '1.1.0-rc1', '2026.11.24-1-rc1'])
})

test('times that passed while nobody worked are made up for once', async (t: TestContext) => {
  const shop = await clockwork()
  await at(shop, '2026-11-27T15:00:00Z')
  t.assert.deepEqual(await versionsOf(shop), ['2026.11.27-1-rc1'])
  t.assert.deepEqual((await nextOf(shop)).next_cut_at, new Date('2026-11-30T08:00:00Z'))
})

test('several processes cut a project once', async (t: TestContext) => {
  const house = open()
  const shop = await clockwork()
  house.clock.now = new Date('2026-11-23T08:00:30Z')
  await Promise.all([1, 2, 3, 4].map(() => cutByClock(house.ctx, shop.project.id)))
  await cutByClock(house.ctx, shop.project.id)
  t.assert.deepEqual(await versionsOf(shop), ['2026.11.23-1-rc1'])
  t.assert.equal((await eventsOf(shop, 'cut.skipped')).length, 0)
})

test('a repository that cannot be reached is tried again, and cut when it can', async (t: TestContext) => {
  const house = open()
  const shop = await clockwork()
  const gone = `${shop.repository.folder}-gone`
  renameSync(shop.repository.folder, gone)
  house.clock.now = new Date('2026-11-23T08:00:30Z')
  await cutByClock(house.ctx, shop.project.id)
  const waiting = await nextOf(shop)
  t.assert.deepEqual([waiting.next_cut_at, waiting.cut_tries], [monday, 1])
  await cutByClock(house.ctx, shop.project.id)
  t.assert.equal((await nextOf(shop)).cut_tries, 1, 'not before it is time to try again')
  renameSync(gone, shop.repository.folder)
  await at(shop, '2026-11-23T08:03:00Z')
  t.assert.deepEqual(await versionsOf(shop), ['2026.11.23-1-rc1'])
  t.assert.deepEqual(await nextOf(shop), {
    ...{ next_cut_at: nextCut(paris.cut_cron, paris.time_zone, monday), cut_tries: 0, cut_again_at: null },
  })
})

test('one that stays out of reach is said, and tried again at the next time', async (t: TestContext) => {
  const house = open()
  const shop = await clockwork()
  shop.repository.remove()
  for (let minutes = 1; minutes < 180; minutes += 10) {
    house.clock.now = new Date(monday.getTime() + minutes * 60_000)
    await cutByClock(house.ctx, shop.project.id)
  }
  const failed = await eventsOf(shop, 'cut.failed')
  t.assert.equal(failed.length, 1)
  t.assert.deepEqual(failed[0]!.data, { due_at: monday.toISOString(), tries: 7 })
  t.assert.deepEqual((await nextOf(shop)).next_cut_at, new Date('2026-11-24T08:00:00Z'))
  t.assert.deepEqual(await versionsOf(shop), [])
})

test('a secret whose key is lost is waited for like a repository out of reach', async (t: TestContext) => {
  const house = open()
  const shop = await clockwork()
  const sealed = { credential: 'sealed by a key that is gone' }
  await house.ctx.db.updateTable('repository').set(sealed).where('id', '=', shop.repository_id).execute()
  house.clock.now = new Date('2026-11-23T08:00:30Z')
  await cutByClock(house.ctx, shop.project.id)
  const { next_cut_at, cut_tries } = await nextOf(shop)
  t.assert.deepEqual([next_cut_at, cut_tries], [monday, 1])
})

test('a branch that is not there is said at once', async (t: TestContext) => {
  const shop = await clockwork({ settings: { branch: 'gone' } })
  await at(shop, '2026-11-23T08:00:30Z')
  const [failed] = await eventsOf(shop, 'cut.failed')
  t.assert.match(failed!.reason!, /branch .*gone/)
})
