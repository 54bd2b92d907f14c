import { test, type TestContext } from 'node:test'
import { eventually, openStack } from './open-stack.ts'

// What the Python, Java and .NET SDKs send where they differ from the JavaScript one (section 2.3, last table), byte
// for byte as far as it is known, as raw requests: none of them runs here.

test('the flows of the SDKs of other languages', async (t: TestContext) => {
  const { house, ask, api_key, authtoken } = await openStack(t)
  const entry = async (title: string): Promise<string> =>
    (await ask('POST', '/content_types/page/entries', { entry: { title } })).body.entry.uid
  const [one, two] = [await entry('One'), await entry('Two')]
  const item = (uid: string) => ({
    ...{ uid, version: 1, locale: 'en-us', content_type_uid: 'page', action: 'publish' },
  })
  /** As a client sends it, with no header that it does not send. */
  const send = async (
    method: string,
    path: string,
    { headers = {}, body }: { headers?: Record<string, string>; body?: unknown } = {},
  ) => {
    const response = await fetch(`${house.url}/v3${path}`, {
      method,
      headers: { api_key, authtoken, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    t.assert.ok(text.length > 0, `${method} ${path} answers with a body`)
    return { status: response.status, body: JSON.parse(text) }
  }
  const json = { 'content-type': 'application/json' }
  const itemsOf = async (uid: string): Promise<string[]> =>
    (await send('GET', `/releases/${uid}/items`)).body.items.map((each: { title: string }) => each.title)
  const made = async (name: string): Promise<string> =>
    (await send('POST', '/releases', { headers: json, body: { release: { name } } })).body.release.uid
  const due = () => new Date(house.clock.now.getTime() + 7_200_000).toISOString()
  const scheduled = async (uid: string) => {
    const { release } = (await send('GET', `/releases/${uid}`)).body
    const rows = await house.store.db.selectFrom('deployment').select('due_at').orderBy('id').execute()
    return [release.sys_locked, release.status.length, rows.at(-1)?.due_at?.toISOString()]
  }

  await t.test('Python: 201 where something is made, move by POST, scheduled_at', async () => {
    const v2 = { ...json, release_version: '2.0' }
    const create = await send('POST', '/releases', {
      headers: json,
      body: { release: { name: 'Python', description: 'Release', locked: false, archived: false } },
    })
    t.assert.deepEqual([create.status, create.body.notice], [201, 'Release created successfully.'])
    const uid = create.body.release.uid
    const single = await send('POST', `/releases/${uid}/item`, { headers: json, body: { item: item(one) } })
    t.assert.deepEqual([single.status, single.body.notice], [201, 'Item added to release successfully.'])
    const several = await send('POST', `/releases/${uid}/items`, {
      headers: v2,
      body: { items: [item(two)] },
    })
    t.assert.equal(several.status, 201)
    const all = await send('PUT', `/releases/${uid}/update_items`, {
      headers: json,
      body: { items: ['$all'] },
    })
    t.assert.deepEqual(
      [all.status, all.body.notice],
      [200, 'Release items updated to their latest versions successfully.'],
    )
    const target = await made('Python target')
    const move = await send('POST', `/releases/${uid}/items/move`, {
      headers: v2,
      body: { release_uid: target, items: [{ uid: two, locale: 'en-us' }] },
    })
    t.assert.deepEqual(move, { status: 200, body: { notice: 'Release items moved successfully!' } })
    t.assert.deepEqual([await itemsOf(uid), await itemsOf(target)], [['One'], ['Two']])
    const clone = await send('POST', `/releases/${uid}/clone`, {
      headers: json,
      body: { release: { name: 'Python copy', description: 'Copy' } },
    })
    t.assert.deepEqual([clone.status, clone.body.release.items.length], [201, 1])
    const scheduled_at = due()
    const deploy = await send('POST', `/releases/${uid}/deploy`, {
      headers: json,
      body: {
        release: { scheduled_at, action: 'publish', environments: ['production'], locales: ['en-us'] },
      },
    })
    t.assert.deepEqual(
      [deploy.status, deploy.body.notice],
      [200, 'Release sent successfully for deployment.'],
    )
    t.assert.deepEqual(await scheduled(uid), [true, 0, scheduled_at])
    const gone = await send('DELETE', `/releases/${uid}`)
    t.assert.deepEqual(gone, { status: 200, body: { notice: 'Release deleted successfully.' } })
  })

  await t.test('Java: DELETE without a body and with one, by either address, move by POST', async () => {
    const uid = await made('Java')
    const target = await made('Java target')
    const add = () =>
      send('POST', `/releases/${uid}/items`, { headers: json, body: { items: [item(one), item(two)] } })
    await add()
    const v2 = { ...json, release_version: '2.0' }
    const single = await send('DELETE', `/releases/${uid}/item`, {
      headers: v2,
      body: { item: { uid: one, locale: 'en-us' } },
    })
    t.assert.deepEqual([single.status, single.body.notice], [200, 'Item deleted from release successfully!'])
    t.assert.deepEqual(await itemsOf(uid), ['Two'])
    await add()
    const several = await send('DELETE', `/releases/${uid}/items`, {
      headers: v2,
      body: {
        items: [
          { uid: one, locale: 'en-us' },
          { uid: two, locale: 'en-us', variant_id: null },
        ],
      },
    })
    t.assert.deepEqual(
      [several.status, several.body.notice],
      [200, 'Items deleted from release successfully!'],
    )
    t.assert.deepEqual(await itemsOf(uid), [])
    await add()
    const nothing = await send('DELETE', `/releases/${uid}/items`)
    t.assert.deepEqual(
      [nothing.status, (await itemsOf(uid)).length],
      [422, 2],
      'nothing says that all shall go',
    )
    const all = await send('DELETE', `/releases/${uid}/items?all=true`)
    t.assert.deepEqual(
      [all.status, all.body.notice, await itemsOf(uid)],
      [200, 'Item(s) send to remove from release successfully.', []],
    )
    await add()
    const move = await send('POST', `/releases/${uid}/items/move`, {
      headers: json,
      body: { release_uid: target, items: ['$all'] },
    })
    t.assert.deepEqual([move.status, (await itemsOf(target)).length], [200, 2])
    t.assert.equal((await send('DELETE', `/releases/${uid}`)).status, 200, 'without content type and body')
  })

  await t.test(
    '.NET: {item} to /items, the misspelt description, scheduledAt, DELETE without content type',
    async () => {
      const uid = await made('.NET')
      const added = await send('POST', `/releases/${uid}/items`, { headers: json, body: { item: item(one) } })
      t.assert.deepEqual([added.status, added.body.release.items.length], [201, 1])
      const clone = await send('POST', `/releases/${uid}/clone`, {
        headers: json,
        body: { release: { name: '.NET copy', desctiption: 'As it is spelt there' } },
      })
      t.assert.deepEqual([clone.status, clone.body.release.description], [201, 'As it is spelt there'])
      const scheduledAt = due()
      const deploy = await send('POST', `/releases/${uid}/deploy`, {
        headers: json,
        body: {
          release: { environments: ['production'], locales: ['en-us'], scheduledAt, action: 'publish' },
        },
      })
      t.assert.equal(deploy.status, 200)
      t.assert.deepEqual(await scheduled(uid), [true, 0, scheduledAt], 'later, and not at once')
      for (const path of [`/releases/${clone.body.release.uid}`, `/releases/${uid}`])
        t.assert.equal((await send('DELETE', path)).status, 200)
      const none = await send('DELETE', '/releases/blt0000000000000000')
      t.assert.deepEqual([none.status, none.body.error_code], [404, 141])
      t.assert.match(none.body.error_message, /Release does not exist/)
    },
  )

  await t.test('ours beside the vendor’s: what was made, all or nothing, and a forecast', async () => {
    const uid = await made('Ours')
    const bad = await entry('Bad')
    await send('POST', `/releases/${uid}/items`, { headers: json, body: { items: [item(one), item(bad)] } })
    await send('DELETE', `/content_types/page/entries/${bad}`)
    const deploy = (more: object) =>
      send('POST', `/releases/${uid}/deploy`, {
        headers: json,
        body: { release: { environments: ['production', 'staging'], ...more } },
      })
    const { environment } = (await send('GET', '/environments/production')).body
    const forecast = await deploy({ dry_run: true })
    t.assert.equal(forecast.status, 200)
    const [plan] = forecast.body.plan
    t.assert.deepEqual(
      [plan.environment, plan.name, plan.counts],
      [environment.uid, 'production', { publish: 1, faulty: 1 }],
    )
    t.assert.deepEqual(
      plan.items.map((each: { title: string; action: string; error?: string }) => [
        ...[each.title, each.action, each.error],
      ]),
      [
        ['One', 'publish', undefined],
        ['Bad', 'publish', 'The item was deleted.'],
      ],
    )
    t.assert.equal((await send('GET', `/releases/${uid}`)).body.release.locked, false, 'nothing was deployed')

    const strict = await deploy({ all_or_nothing: true })
    t.assert.match(strict.body.job_id, /^[0-9a-f-]{36}$/)
    t.assert.equal(strict.body.deployments.length, 2)
    const { id } = strict.body.deployments[0]
    const ended = await eventually(async () => {
      const { status } = (await send('GET', `/releases/${uid}`)).body.release
      if (status.length < 2) throw new Error('not over')
      return status as { status: string; job_id: string; environment: string }[]
    })
    t.assert.deepEqual(
      ended.map(({ status, job_id }) => [status, job_id]),
      [
        ['failed', strict.body.job_id],
        ['failed', strict.body.job_id],
      ],
    )
    t.assert.equal((await house.client.getDeployment(id)).counts.left, 1, 'known natively by the same id')
    const loose = await deploy({})
    await eventually(async () => {
      const { status } = (await send('GET', `/releases/${uid}`)).body.release
      if (!status.every((each: { job_id: string }) => each.job_id === loose.body.job_id))
        throw new Error('not over')
      t.assert.deepEqual(new Set(status.map((each: { status: string }) => each.status)), new Set(['partial']))
    })
  })

  await t.test('releases are queried and ordered by all that they have', async () => {
    await send('PUT', `/releases/${await made('Alpha')}`, {
      headers: json,
      body: { release: { description: 'first', locked: true } },
    })
    const beta = await made('Beta')
    await send('PUT', `/releases/${beta}`, { headers: json, body: { release: { archived: true } } })
    const { uid: me } = (await send('GET', '/user')).body.user
    const names = async (query: object, more = ''): Promise<string[]> => {
      const { status, body } = await send(
        'GET',
        `/releases?&query=${encodeURIComponent(JSON.stringify(query))}${more}`,
      )
      t.assert.equal(status, 200, JSON.stringify(body))
      return body.releases.map(({ name }: { name: string }) => name)
    }
    t.assert.deepEqual(await names({ name: 'Alpha' }), ['Alpha'])
    t.assert.deepEqual(await names({ name: { $regex: '^alp', $options: 'i' } }), ['Alpha'])
    t.assert.deepEqual(await names({ description: 'first', locked: true }), ['Alpha'])
    t.assert.deepEqual(await names({ archived: true }), ['Beta'])
    t.assert.deepEqual(await names({ $or: [{ uid: beta }, { name: 'Alpha' }] }, '&asc=name'), [
      'Alpha',
      'Beta',
    ])
    t.assert.deepEqual(await names({ uid: { $in: [beta, 'blt1'] } }), ['Beta'])
    t.assert.deepEqual(await names({ created_by: 'blt0000000000000000' }), [])
    t.assert.ok((await names({ created_by: me, created_at: { $gt: '2020-01-01' } })).includes('Beta'))
    t.assert.deepEqual((await names({}, '&desc=archived&limit=1'))[0], 'Beta')
    for (const order of ['name', 'created_at', 'updated_at', 'locked', 'archived', 'uid', 'sys_version'])
      t.assert.equal((await send('GET', `/releases?asc=${order}`)).status, 200, order)
    const counted = await send('GET', `/releases?count=true&query=${encodeURIComponent('{"archived":true}')}`)
    t.assert.deepEqual(counted.body, { releases: 1 })
    for (const [query, field] of [
      ['query={"items":1}', 'items'],
      ['query={"uid":{"$regex":"b"}}', 'uid'],
      ['query={"name":{"$near":1}}', 'name.$near'],
      ['query=[]', 'query'],
      ['query={', 'query'],
      ['asc=items', 'asc'],
      ['desc=nothing', 'desc'],
      ['limit=-1', 'limit'],
      ['skip=x', 'skip'],
    ] as const) {
      const { status, body } = await send('GET', `/releases?${encodeURI(query)}`)
      t.assert.deepEqual([status, body.error_code], [422, 141], query)
      t.assert.ok(field in body.errors, `${query}: ${JSON.stringify(body.errors)}`)
    }
  })
})
