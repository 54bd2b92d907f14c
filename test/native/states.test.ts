import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProblemError } from '#client/problem-error.ts'
import { createClient, type Client } from '#client/client.ts'
import { readCalendar } from '#app/calendar/read-calendar.ts'
import { keepSealed } from '#app/blobs/keep-sealed.ts'
import { noteUnposted } from '#app/state/note-unposted.ts'
import { stateContext } from '#app/state/read-state.ts'
import type { Role } from '#domain/roles.ts'
import { lockInfo, sharedStateHouse, state } from '../conformance/terraform-state/state-house.ts'

const shared = sharedStateHouse()

const as = (role: Role): Client => {
  const { url, basic } = shared()
  return createClient({ url, token: basic[role].slice(2) })
}
const refused = (status: number) => (error: unknown) =>
  error instanceof ProblemError && error.problem.status === status

async function place() {
  const made = await shared().stateOf()
  const [, , key = '', name = ''] = made.path.split('/')
  return { ...made, key, name }
}

test('of a state everybody sees when it was written and who is at it, and nobody what is in it', async () => {
  const { key, name, post, lock, own } = await place()
  const viewer = as('viewer')
  assert.deepEqual(await viewer.getState(key, name), {
    ...{ version: 0, serial: null, lineage: null, bytes: 0, updated_at: null },
    ...{ unposted: null, lock: null },
  })
  for (const serial of [1, 2, 3]) await post(state(serial))
  await lock('lock-1')
  const seen = await viewer.getState(key, name)
  assert.deepEqual([seen.version, seen.serial, seen.lineage], [3, 3, 'l-1'])
  assert.deepEqual(
    { ...seen.lock, locked_at: null, user_id: null },
    {
      ...{ lock_id: 'lock-1', operation: 'OperationTypeApply', who: 'ada@laptop', locked_at: null },
      ...{ created: '2026-11-21T12:00:00.000Z', deployment_id: null, run_id: null, user_id: null },
    },
  )
  assert.match(seen.lock?.user_id ?? '', /^usr_/)
  assert.ok(!JSON.stringify(seen).includes('hunter2'))
  const first = await viewer.listStateVersions(key, name, { limit: 2 })
  const rest = await viewer.listStateVersions(key, name, { limit: 2, after: first.next! })
  assert.deepEqual(
    [...first.items, ...rest.items].map(({ version, written_by }) => [version, written_by]),
    [3, 2, 1].map((version) => [version, 'releaser@example.com']),
  )
  assert.equal(rest.next, null)
  await own(1)
})

test('a lock is let go of by its id, by an approver, and says who did it and why', async () => {
  const { key, name, lock, ask, environment } = await place()
  await assert.rejects(as('approver').unlockState(key, name, 'lock-1'), refused(422))
  await lock('lock-1')
  await assert.rejects(as('releaser').unlockState(key, name, 'lock-1'), refused(403))
  await assert.rejects(as('approver').unlockState(key, name, 'lock-2'), refused(422))
  const { lock: left } = await as('approver').unlockState(key, name, 'lock-1', 'The laptop is gone')
  assert.equal(left, null)
  assert.equal((await lock('lock-2')).status, 200)
  assert.equal((await ask('UNLOCK', { body: lockInfo('lock-2') })).status, 200)
  const { items } = await as('admin').listEvents({ project: key, kind: 'state.unlocked' })
  assert.deepEqual(
    items.map(({ reason, data }) => [reason, (data as { lock_id: string }).lock_id]),
    [['The laptop is gone', 'lock-1']],
  )
  assert.equal(items[0]?.environment_id?.slice(4), environment.id.replaceAll('-', ''))
})

test('a state that could not be posted is posted by its digest, for its environment alone and only while it is the next one', async () => {
  const [{ key, name, post, environment }, other] = [await place(), await place()]
  const { house } = shared()
  await post(state(1))
  const kept = (serial: number, id: string) =>
    keepSealed(house, Buffer.from(JSON.stringify(state(serial))), stateContext(id))
  const blob = await kept(2, environment.id)
  await assert.rejects(as('viewer').postRescuedState(key, name, blob), refused(403))
  await assert.rejects(as('releaser').postRescuedState(other.key, other.name, blob), refused(422))
  await assert.rejects(as('releaser').postRescuedState(key, name, '0'.repeat(64)), refused(422))
  const missing = await noteUnposted(house, environment.id, Buffer.from(JSON.stringify(state(2))))
  assert.equal((await as('viewer').getState(key, name)).unposted, missing)
  await assert.rejects(as('releaser').postRescuedState(key, name, blob, true), refused(422))
  assert.equal((await as('releaser').postRescuedState(key, name, missing, true)).unposted, null)
  await noteUnposted(house, environment.id, Buffer.from(JSON.stringify(state(2))))
  const posted = await as('releaser').postRescuedState(key, name, blob)
  assert.deepEqual([posted.version, posted.serial, posted.unposted], [2, 2, null])
  await post(state(3))
  await assert.rejects(as('releaser').postRescuedState(key, name, blob), refused(422))
})

test('a schedule is kept, changed by the version that was seen, paused and removed', async () => {
  const { key, name } = await place()
  const client = as('releaser')
  const daily = { cron: '30 2 * * *', time_zone: 'Europe/Paris', items: ['config/a'] }
  const made = await client.createSchedule(key, name, daily)
  assert.match(made.id, /^sch_/)
  assert.deepEqual(
    [made.items, made.refresh, made.force, made.dry_run, made.paused, made.version],
    [['config/a'], true, false, false, false, 1],
  )
  assert.ok(made.next_at !== null)
  const changed = await client.updateSchedule(key, name, made.id, { paused: true, force: true })
  assert.deepEqual(
    [changed.paused, changed.force, changed.items, changed.next_at, changed.version],
    [true, true, ['config/a'], null, 2],
  )
  assert.deepEqual(await client.getSchedule(key, name, made.id), changed)
  const again = await client.updateSchedule(key, name, made.id, { paused: false })
  assert.ok(again.next_at !== null)
  const second = await client.createSchedule(key, name, { cron: '*/15 * * * *' })
  const page = await client.listSchedules(key, name, { limit: 1 })
  const next = await client.listSchedules(key, name, { limit: 1, after: page.next! })
  assert.deepEqual([page.items[0]?.id, next.items[0]?.id, next.next], [made.id, second.id, null])
  await client.removeSchedule(key, name, made.id)
  await assert.rejects(client.getSchedule(key, name, made.id), refused(404))
  const other = await place()
  await assert.rejects(client.getSchedule(other.key, other.name, second.id), refused(404))
  for (const [cron, time_zone] of [
    ['61 * * * *', 'UTC'],
    ['0 0 30 2 *', 'UTC'],
    ['0 4 * * *', 'Europe/Atlantis'],
    ['0 0 4 * * *', 'UTC'],
  ] as const)
    await assert.rejects(client.createSchedule(key, name, { cron, time_zone }), refused(422))
  await assert.rejects(as('viewer').createSchedule(key, name, daily), refused(403))
})

test('the calendar shows when releases come by themselves, in the hours that the clocks change, too', async () => {
  const { key, name, environment } = await place()
  const { clock, ctx } = shared()
  const now = clock.now
  clock.now = new Date('2027-03-26T12:00:00Z')
  const client = as('releaser')
  const daily = { cron: '30 2 * * *', time_zone: 'Europe/Paris' }
  const { id, next_at } = await client.createSchedule(key, name, daily)
  await client.createSchedule(key, name, { ...daily, paused: true })
  assert.equal(next_at, '2027-03-27T01:30:00.000Z')
  const items = await readCalendar(ctx, {
    project_id: environment.project_id,
    ...{ from: clock.now, to: new Date('2027-03-30T00:00:00Z') },
  })
  assert.deepEqual(
    items.map(({ kind, from }) => [kind, from.toISOString()]),
    // On the 28th there is no half past two: it comes at the end of the hour that is left out.
    ['2027-03-27T01:30:00.000Z', '2027-03-28T01:00:00.000Z', '2027-03-29T00:30:00.000Z'].map((at) => [
      'recurring',
      at,
    ]),
  )
  const { url, basic } = shared()
  const authorization = `Bearer ${basic.viewer.slice(2)}`
  const span = 'from=2027-03-26T12:00:00Z&to=2027-03-30T00:00:00Z'
  const answer = await fetch(`${url}/headgate/v1/calendar?project=${key}&${span}`, {
    headers: { authorization },
  })
  const shownIds = ((await answer.json()) as { items: { id: string }[] }).items.map((item) => item.id)
  assert.deepEqual(shownIds, [id, id, id])
  clock.now = now
})
