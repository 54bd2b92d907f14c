import { test, type TestContext } from 'node:test'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { setFreeze } from '#app/freezes/set-freeze.ts'
import { openDesk, type Answer } from './open-desk.ts'

interface Deployment {
  id: number
  status: string
  deploy_end_at: string | null
  [key: string]: unknown
}

const keys = [
  'actor',
  'deploy_end_at',
  'deploy_start_at',
  'environment_name',
  'error_message',
  'from_release_candidate_version',
  'from_release_version',
  'id',
  'release_candidate_version',
  'release_version',
  'status',
]

test('deployments of an environment, as a client asks for and reports them', async (t: TestContext) => {
  const { house, call, open } = await openDesk(t)
  const project = await open()
  const path = project.deployments()
  for (const number of [1, 2, 3]) await project.create(`1.0.0-rc${number}`)
  const said = ({ status, body }: Answer) => [status, body]
  const deploy = (version: unknown, more: object = {}, on = path) =>
    call('POST', on, { json: { release_candidate_version: version, ...more } })
  const report = (version: unknown, status: unknown, on = path) =>
    call('PATCH', on, { json: { release_candidate_version: version, status } })
  const list = async (query = '', on = path) =>
    (await call('GET', `${on}${query}`)).body as unknown as Deployment[]

  await t.test('a new one is pending, and is told in eleven keys', async () => {
    t.assert.deepEqual(await list(), [])
    const { status, body } = await deploy('1.0.0-rc1')
    const made = body as Deployment
    t.assert.equal(status, 201)
    t.assert.deepEqual(Object.keys(made), keys)
    const { id, deploy_start_at, ...rest } = made
    t.assert.ok(Number.isInteger(id))
    t.assert.match(String(deploy_start_at), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/)
    t.assert.deepEqual(rest, {
      actor: 'releaser@example.com',
      deploy_end_at: null,
      environment_name: 'production',
      error_message: null,
      from_release_candidate_version: null,
      from_release_version: null,
      release_candidate_version: '1.0.0-rc1',
      release_version: '1.0.0',
      status: 'pending',
    })
    t.assert.deepEqual(await list(), [made])
    // Asked for again while it is under way, it is the one that is there.
    t.assert.deepEqual(said(await deploy('1.0.0-rc1')), [201, made])
  })

  await t.test('each word of a report is what it is from then on', async () => {
    for (const word of ['in_progress', 'canceling', 'unknown', 'pending', 'in_progress', 'success']) {
      const { status, body } = await report('1.0.0-rc1', word)
      const { status: shown, deploy_end_at } = body as Deployment
      t.assert.deepEqual([status, shown, deploy_end_at !== null], [200, word, word === 'success'])
      t.assert.deepEqual(await list(), [body])
    }
    const [ended] = await list()
    t.assert.deepEqual(said(await report('1.0.0-rc1', 'success')), [200, ended])
    // The caller knows better: one end may follow another.
    for (const word of ['failure', 'error', 'canceled', 'success'])
      t.assert.equal(((await report('1.0.0-rc1', word)).body as Deployment).status, word)
    t.assert.equal((await list()).length, 1)
  })

  await t.test('what begins after the end is another attempt', async () => {
    for (const word of ['in_progress', 'success', 'pending', 'failure'])
      t.assert.equal((await report('1.0.0-rc1', word)).status, 200)
    const all = await list()
    t.assert.deepEqual(
      all.map(({ status }) => status),
      ['failure', 'success', 'success'],
    )
    t.assert.equal((await deploy('1.0.0-rc1')).status, 201)
    t.assert.equal((await list()).length, 4)
    await report('1.0.0-rc1', 'success')
  })

  await t.test('a report alone opens one, and is answered with 200', async () => {
    const staging = project.deployments('staging')
    const { status, body } = await report('1.0.0-rc2', 'success', staging)
    const { actor, status: word, environment_name } = body as Deployment
    t.assert.deepEqual(
      [status, word, environment_name, actor],
      [200, 'success', 'staging', 'releaser@example.com'],
    )
    const json = { release_candidate_version: '1.0.0-rc3', status: 'error', error_message: 'no such image' }
    const failed = await call('PATCH', staging, { json: { ...json, name: 'Ada', age: 36, x: [] } })
    t.assert.equal((failed.body as Deployment).error_message, 'no such image')
    t.assert.equal(((await report('1.0.0-rc3', 'failure', staging)).body as Deployment).error_message, null)
    const from = (failed.body as Deployment).from_release_candidate_version
    t.assert.deepEqual([from, (failed.body as Deployment).from_release_version], ['1.0.0-rc2', '1.0.0'])
  })

  await t.test('another candidate waits its turn, and knows what it takes the place of', async () => {
    const { body } = await deploy('1.0.0-rc2')
    await deploy('1.0.0-rc3')
    t.assert.equal((body as Deployment).from_release_candidate_version, '1.0.0-rc1')
    const shown = (await list()).map((one) => [one.release_candidate_version, one.status])
    t.assert.deepEqual(shown.slice(0, 3), [
      ['1.0.0-rc3', 'pending'],
      ['1.0.0-rc2', 'pending'],
      ['1.0.0-rc1', 'success'],
    ])
  })

  await t.test('pages begin with the newest, and end in an empty one', async () => {
    const ids = (await list('?per_page=100')).map(({ id }) => id)
    t.assert.equal(ids.length, 6)
    t.assert.deepEqual(
      ids,
      ids.toSorted((a, b) => b - a),
    )
    const page = async (query: string) => (await list(query)).map(({ id }) => id)
    t.assert.deepEqual(await page('?page=2&per_page=4'), ids.slice(4))
    t.assert.deepEqual(await page('?page=3&per_page=4'), [])
    t.assert.deepEqual(await page('?page=999999999999999&per_page=7'), [])
    t.assert.deepEqual(await page('?per_page=1000'), ids)
    for (const query of ['page=0', 'page=-1', 'page=1.5', 'page=x', 'page=', 'per_page=0', 'page=1&page=2'])
      t.assert.equal((await call('GET', `${path}?${query}`)).status, 400, query)
  })

  await t.test('what somebody cancels here is not what its caller said last', async () => {
    const place = project.deployments('staging')
    for (const [word, shown] of [
      ['pending', 'canceled'],
      ['in_progress', 'canceling'],
    ] as const) {
      const { id } = (await report('1.0.0-rc1', word, place)).body as Deployment
      const query = house.ctx.db.selectFrom('deployment').select('id').where('number', '=', id)
      const { id: deployment_id } = await query.executeTakeFirstOrThrow()
      await cancelDeployment(house.ctx, { deployment_id })
      t.assert.equal((await list('', place))[0]?.status, shown)
      // Who drives it has the last word.
      t.assert.equal(((await report('1.0.0-rc1', 'canceled', place)).body as Deployment).status, 'canceled')
    }
  })

  await t.test('what is wrong is said in the order of version, project, environment, candidate', async () => {
    const nowhere = '/api/releases/nowhere/environments/nothing/deployments'
    const nothing = project.deployments('nothing')
    for (const ask of [
      (v: unknown, on: string) => deploy(v, {}, on),
      (v: unknown, on: string) => report(v, 'success', on),
    ]) {
      for (const version of [
        undefined,
        null,
        7,
        '',
        '1.0.0',
        '1.0.0-rc0',
        '1.0.0-rc01',
        '1.0.0-RC1',
        ['1.0.0-rc1'],
        {},
      ])
        t.assert.deepEqual(said(await ask(version, nowhere)), [
          400,
          { error: 'Invalid release candidate version' },
        ])
      t.assert.deepEqual(said(await ask('9.9.9-rc1', nowhere)), [404, { error: 'Release project not found' }])
      t.assert.deepEqual(said(await ask('9.9.9-rc1', nothing)), [
        404,
        { error: 'Release environment not found' },
      ])
      for (const version of ['9.9.9-rc1', '1.0.0-rc9', '1.0.0-rc2147483647'])
        t.assert.deepEqual(said(await ask(version, path)), [404, { error: 'Release not found' }])
    }
    t.assert.deepEqual(said(await call('GET', nowhere)), [404, { error: 'Release project not found' }])
    t.assert.deepEqual(said(await call('GET', nothing)), [404, { error: 'Release environment not found' }])
    for (const status of [
      undefined,
      null,
      7,
      '',
      'SUCCESS',
      'queued',
      'succeeded',
      ['success'],
      '__proto__',
      'toString',
    ])
      t.assert.deepEqual(said(await report('1.0.0-rc1', status)), [
        400,
        { error: 'Invalid deployment status' },
      ])
  })

  await t.test('a body that is no JSON object is refused', async () => {
    for (const text of ['[]', '"1.0.0-rc1"', '7', 'null', '{', '{"a":}', '[{}]', '\u0000'])
      for (const method of ['POST', 'PATCH']) {
        const { status, body } = await call(method, path, { text })
        t.assert.equal(status, 400, text)
        t.assert.equal(typeof (body as { error: string }).error, 'string')
      }
    t.assert.equal((await call('POST', path)).status, 400)
  })

  await t.test('in a frozen environment nothing is begun, unless by force of who may', async () => {
    const frozen = await open()
    await frozen.create('1.0.0-rc1')
    const on = frozen.deployments()
    const { id: project_id } = frozen.shop.project
    await setFreeze(house.ctx, { project_id, reason: 'The shop is full.' })
    t.assert.deepEqual(said(await deploy('1.0.0-rc1', {}, on)), [400, { error: 'Environment is frozen' }])
    t.assert.deepEqual(await list('', on), [])
    t.assert.equal((await deploy('1.0.0-rc1', { force: true }, on)).status, 403)
    t.assert.equal((await deploy('1.0.0-rc1', { force: 'yes' }, on)).status, 400)
    // A report is a fact, which no freeze stops.
    t.assert.equal((await report('1.0.0-rc1', 'success', on)).status, 200)
    const json = { release_candidate_version: '1.0.0-rc1', force: true }
    t.assert.equal((await call('POST', on, { json, token: house.tokens.admin })).status, 201)
  })

  await t.test('who may only read does neither', async () => {
    const { viewer: token } = house.tokens
    const json = { release_candidate_version: '1.0.0-rc1', status: 'success' }
    for (const method of ['POST', 'PATCH'])
      t.assert.equal((await call(method, path, { json, token })).status, 403)
    t.assert.equal((await call('GET', path, { token })).status, 200)
    for (const method of ['GET', 'POST', 'PATCH']) {
      const { status, headers } = await call(method, path, {
        token: null,
        ...(method === 'GET' ? {} : { json }),
      })
      t.assert.deepEqual([status, headers.get('www-authenticate')], [401, 'Bearer'])
    }
  })
})
