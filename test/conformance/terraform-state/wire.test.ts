import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { getState } from '#app/state/list-state-versions.ts'
import { listEvents } from '#app/events/list-events.ts'
import { lockInfo, md5, sharedStateHouse, state } from './state-house.ts'

const shared = sharedStateHouse()

test('a state is not there, is written, is read as it was sent, and lies nowhere in clear', async (t: TestContext) => {
  const {
    stateOf,
    ctx,
    place: { dataDir },
  } = shared()
  const place = await stateOf()
  t.assert.equal((await place.ask('GET')).status, 204)
  const body = JSON.stringify(state(1), null, 2)
  const headers = { 'content-type': 'application/json', 'content-md5': md5(body) }
  t.assert.equal((await place.ask('POST', { body, headers })).status, 200)
  const read = await place.ask('GET')
  t.assert.equal(read.headers.get('content-type'), 'application/json')
  t.assert.equal(await read.text(), body)
  const folder = join(dataDir, 'blobs')
  const files = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const file of files.filter((one) => one.isFile()))
    t.assert.ok(!(await readFile(join(file.parentPath, file.name))).includes('hunter2-of-the-state'))
  const { id: environment_id, project_id } = place.environment
  const { version, serial, lineage, bytes } = await getState(ctx, { project_id, environment_id })
  t.assert.deepEqual([version, serial, lineage, bytes], [1, 1, 'l-1', body.length])
})

test('what got lost on the way, or is no state, is refused with the reason', async (t: TestContext) => {
  const place = await shared().stateOf()
  const refused = async (body: string | undefined, headers: Record<string, string> = {}) => {
    const answer = await place.ask('POST', { headers, ...(body !== undefined && { body }) })
    return `${answer.status} ${await answer.text()}`
  }
  t.assert.match(await refused(JSON.stringify(state(1)), { 'content-md5': md5('another') }), /^400 .*MD5/)
  t.assert.match(await refused(undefined), /^400 A state is not empty/)
  t.assert.match(await refused('{"version":4'), /^400 A state is an object in JSON/)
  t.assert.match(await refused('null'), /^400 A state is an object in JSON/)
  t.assert.match(await refused('[]'), /^400 .*version 4/)
  t.assert.match(await refused('{"version":3}'), /^400 .*version 4/)
  t.assert.match(await refused('{"version":4,"serial":1e999,"lineage":"x"}'), /^400 The serial/)
  t.assert.match(await refused('{"version":4,"serial":-1,"lineage":"x"}'), /^400 The serial/)
  t.assert.match(await refused('{"version":4,"serial":1,"lineage":"\\u0000"}'), /^400 The lineage/)
  t.assert.match(await refused('{"version":4,"serial":1,"lineage":"\\ud800"}'), /^400 The lineage/)
  t.assert.match(await refused('{"version":4,"serial":1}'), /^400 The lineage/)
  t.assert.equal((await place.ask('GET')).status, 204)
})

test('an older serial and another lineage are refused, what is sent again is written once', async (t: TestContext) => {
  const place = await shared().stateOf()
  t.assert.equal(await place.post(state(5)), 200)
  t.assert.equal(await place.post(state(5)), 200)
  t.assert.equal(await place.post(state(4)), 409)
  t.assert.equal(await place.post({ ...state(5), resources: [{}] }), 409)
  t.assert.equal(await place.post(state(9, 'l-2')), 409)
  const answer = await place.ask('POST', { body: JSON.stringify(state(9, 'l-2')) })
  t.assert.match(await answer.text(), /lineage l-1, this one of l-2/)
  t.assert.equal(await place.post(state(6)), 200)
  t.assert.equal(((await (await place.ask('GET')).json()) as { serial: number }).serial, 6)
  const { ctx } = shared()
  const { id: environment_id, project_id } = place.environment
  t.assert.equal((await getState(ctx, { project_id, environment_id })).version, 2)
})

test('a lock is held by one: who comes second is told whose it is in the words of the first', async (t: TestContext) => {
  const { stateOf, basic } = shared()
  const place = await stateOf()
  t.assert.equal((await place.lock('lock-1')).status, 200)
  // The answer may have got lost.
  t.assert.equal((await place.lock('lock-1')).status, 200)
  const second = await place.lock('lock-2')
  t.assert.equal(second.status, 423)
  t.assert.equal(await second.text(), lockInfo('lock-1'))
  // Another who says the first one's id has not got its lock.
  t.assert.equal((await place.lock('lock-1', basic.admin)).status, 423)
  t.assert.equal(await place.post(state(1)), 423)
  t.assert.equal(await place.post(state(1), 'lock-2'), 423)
  t.assert.equal(await place.post(state(1), 'lock-1', basic.admin), 423)
  t.assert.equal(await place.post(state(1), 'lock-1'), 200)
  // Reading needs none.
  t.assert.equal((await place.ask('GET')).status, 200)
  t.assert.equal((await place.ask('DELETE')).status, 423)
  const unlock = (id: string, as?: string) => place.ask('UNLOCK', { body: lockInfo(id), ...(as && { as }) })
  t.assert.equal((await unlock('lock-2')).status, 409)
  t.assert.equal((await unlock('lock-1', basic.admin)).status, 409)
  t.assert.equal((await unlock('lock-1')).status, 200)
  t.assert.equal((await unlock('lock-1')).status, 200)
  // Its lock is gone: whoever thought to hold it does not write.
  t.assert.equal(await place.post(state(2), 'lock-1'), 409)
})

test('an empty UNLOCK unlocks nothing, and says what does', async (t: TestContext) => {
  const place = await shared().stateOf()
  await place.lock('lock-1')
  for (const body of [undefined, '', '{}', '{"ID":""}', 'null', '{"ID":7}']) {
    const answer = await place.ask('UNLOCK', body === undefined ? {} : { body })
    t.assert.equal(answer.status, 409)
    t.assert.match(await answer.text(), /force-unlock/)
  }
  t.assert.equal((await place.lock('lock-2')).status, 423)
})

test('a LockInfo without an id locks nothing', async (t: TestContext) => {
  const place = await shared().stateOf()
  for (const body of [
    '',
    'lock',
    '{}',
    '{"ID":""}',
    '{"ID":"\\u0000"}',
    JSON.stringify({ ID: 'x'.repeat(300) }),
  ])
    t.assert.equal((await place.ask('LOCK', { body })).status, 400)
  t.assert.equal((await place.ask('LOCK', { body: 'x'.repeat(100_000) })).status, 413)
  t.assert.equal((await place.lock('lock-1')).status, 200)
})

test('clients that are told other methods and addresses find the same lock there', async (t: TestContext) => {
  const place = await shared().stateOf()
  const at = (method: string, where: string, id = 'lock-1') =>
    place.ask(method, { at: where, body: lockInfo(id) })
  for (const [lock, unlock, where] of [
    ['POST', 'DELETE', '/lock'],
    ['PUT', 'POST', '/unlock'],
    ['LOCK', 'UNLOCK', '/unlock'],
    ['POST', 'PUT', '/unlock'],
  ] as const) {
    t.assert.equal((await at(lock, '/lock')).status, 200)
    t.assert.equal((await place.lock('lock-2')).status, 423)
    t.assert.equal((await at(unlock, where)).status, 200)
  }
  t.assert.equal((await place.ask('PUT', { body: JSON.stringify(state(1)) })).status, 200)
})

test('a removed state is gone, its lineage with it, and its versions are kept', async (t: TestContext) => {
  const { stateOf, ctx } = shared()
  const place = await stateOf()
  t.assert.equal((await place.ask('DELETE')).status, 200)
  await place.post(state(7))
  t.assert.equal((await place.ask('DELETE')).status, 200)
  t.assert.equal((await place.ask('GET')).status, 204)
  const older = await place.ask('GET', { at: '?version=1' })
  t.assert.deepEqual([older.status, await older.json()], [200, state(7)])
  t.assert.equal((await place.ask('GET', { at: '?version=2' })).status, 204)
  for (const at of ['?version=9', '?version=x', '?version=1&version=2'])
    t.assert.equal((await place.ask('GET', { at })).status, 400, at)
  t.assert.equal(await place.post(state(1, 'l-2')), 200)
  const { project_id, id: environment_id } = place.environment
  const events = await listEvents(ctx, { project_id, limit: 20 })
  t.assert.deepEqual(
    events
      .flatMap(({ kind, environment_id: at }) =>
        at === environment_id && kind.startsWith('state.') ? kind : [],
      )
      .toSorted(),
    ['state.removed', 'state.written', 'state.written'],
  )
})

test('who may not is refused, and a place that is not there is no empty state', async (t: TestContext) => {
  const { stateOf, basic, url } = shared()
  const place = await stateOf()
  const none = await place.ask('GET', { as: null })
  t.assert.equal(none.status, 401)
  t.assert.match(none.headers.get('www-authenticate') ?? '', /^Basic /)
  t.assert.equal((await place.ask('GET', { as: 'x:nonsense' })).status, 401)
  t.assert.equal((await place.ask('GET', { as: 'headgate:hgstate.v1.x.y' })).status, 401)
  t.assert.equal((await place.ask('GET', { as: basic.viewer })).status, 403)
  t.assert.equal(
    (await place.ask('POST', { as: basic.approver, body: JSON.stringify(state(1)) })).status,
    403,
  )
  t.assert.equal((await place.ask('LOCK', { as: basic.viewer, body: lockInfo('x') })).status, 403)
  t.assert.equal((await place.ask('GET', { as: basic.admin })).status, 204)
  const authorization = `Basic ${Buffer.from(basic.admin).toString('base64')}`
  for (const path of [
    `${place.path}x`,
    '/terraform-state/nowhere/prod',
    '/terraform-state/x',
    '/terraform-state',
  ]) {
    const answer = await fetch(`${url}${path}`, { headers: { authorization } })
    t.assert.equal(answer.status, 400, path)
  }
})

test('fifty versions are kept, and what lay among the blobs goes with the others', async (t: TestContext) => {
  const { stateOf, house } = shared()
  const place = await stateOf()
  await place.post(state(1))
  const first = await house.db
    .selectFrom('infra_state')
    .select('blob_digest')
    .where('environment_id', '=', place.environment.id)
    .executeTakeFirstOrThrow()
  for (let serial = 2; serial <= 51; serial += 1) await place.post(state(serial))
  const rows = await house.db
    .selectFrom('infra_state_version')
    .select(['version', 'blob_digest'])
    .where('environment_id', '=', place.environment.id)
    .orderBy('version')
    .execute()
  t.assert.deepEqual([rows.length, rows[0]?.version, rows.at(-1)?.version], [50, 2, 51])
  t.assert.equal(await house.blobs.has(first.blob_digest!), false)
  for (const { blob_digest } of rows) t.assert.equal(await house.blobs.has(blob_digest!), true)
})
