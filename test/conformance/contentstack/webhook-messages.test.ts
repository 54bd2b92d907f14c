import { constants, createPublicKey, verify } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import { entry, fields, openHooked as open, receiver, release } from './open-hooks.ts'
import { eventually, upload } from './open-stack.ts'

test('what happens to content is told in the vendor’s shapes, signed so that the vendor’s receivers verify it', async (t: TestContext) => {
  const site = await open(t)
  const { ask, stack, house, api_key } = site
  const { at, url } = await receiver(t)
  const channels = [
    'content_types.entries.create',
    'content_types.page.entries.update',
    'content_types.entries.delete',
  ]
  const all = [
    ...channels,
    'content_types.update',
    'assets.create',
    'releases.create',
    'content_types.entries.workflows',
  ]
  const custom_header = [
    { header_name: 'X-Token', value: 'hush' },
    { header_name: 'X-Site', value: 'blue' },
  ]
  const one = { target_url: `${url}/full`, http_basic_auth: 'me', http_basic_password: 'hush', custom_header }
  const two = { target_url: `${url}/second`, bearer_token: 'abc', authentication_type: 'Bearer' }
  const made = await stack.webhook().create({ webhook: fields(url, all, { destinations: [one, two] }) })
  // Put back as it was read, its secrets hidden, it keeps them.
  const read = await stack.webhook(made.uid).fetch()
  read.name = 'Renamed'
  await read.update()
  await stack.webhook().create({ webhook: fields(`${url}/concise`, all, { concise_payload: true }) })
  await stack.webhook().create({ webhook: fields(`${url}/off`, all, { disabled: true }) })

  const uid = await entry(site, 'Hello')
  await ask('PUT', `/content_types/page/entries/${uid}`, { entry: { title: 'Hello again' } })
  await ask('DELETE', `/content_types/page/entries/${uid}`)
  await ask('POST', '/releases', { release: { name: 'R' } })
  await eventually(async () => t.assert.deepEqual([at('/full').length, at('/concise').length], [4, 4]))
  const told = (path: string, module: string, event: string) =>
    at(path).find(({ body }) => body.module === module && body.event === event)!
  const updated = told('/full', 'entry', 'update')
  t.assert.partialDeepStrictEqual(updated.body, {
    api_key,
    data: {
      entry: { uid, title: 'Hello again', locale: 'en-us', _version: 2, ACL: {}, tags: [] },
      content_type: { uid: 'page', title: 'Page', schema: [{ uid: 'title' }] },
      branch: { uid: 'main' },
    },
  })
  t.assert.match(updated.body.triggered_at, /^\d{4}-\d\d-\d\dT.*Z$/)
  t.assert.deepEqual(told('/concise', 'entry', 'update').body.data, {
    entry: { uid, title: 'Hello again', locale: 'en-us', _version: 2 },
    content_type: { uid: 'page', title: 'Page' },
    branch: { uid: 'main' },
  })
  t.assert.partialDeepStrictEqual(told('/full', 'entry', 'delete').body.data, {
    entry: { uid, title: 'Hello again' },
  })
  t.assert.partialDeepStrictEqual(told('/full', 'release', 'create').body.data, {
    release: { name: 'R', status: [] },
  })

  t.assert.partialDeepStrictEqual(updated.headers, {
    ...{ authorization: `Basic ${btoa('me:hush')}`, 'x-token': 'hush', 'x-site': 'blue' },
    'content-type': 'application/json',
  })
  t.assert.equal(told('/second', 'entry', 'update').headers.authorization, 'Bearer abc')
  t.assert.equal(at('/off').length, 0)

  // As the vendor's page has it, and as receivers do it.
  const keys = (await (await fetch(`${house.url}/.well-known/public-keys.json`)).json()) as Record<
    string,
    string
  >
  const key = createPublicKey({ key: keys['signing-key']!, format: 'pem', type: 'pkcs1' })
  const verifies = (body: string) =>
    verify(
      'sha256',
      Buffer.from(body),
      { key, padding: constants.RSA_PKCS1_PSS_PADDING },
      Buffer.from(updated.headers['x-contentstack-request-signature']!.replace(/^v1=/, ''), 'base64'),
    )
  t.assert.ok(verifies(JSON.stringify(updated.body)))
  t.assert.ok(!verifies(`${updated.text} `))
})

test('a release is told once, and its items each with their source, unless somebody wants one message', async (t: TestContext) => {
  const site = await open(t)
  const { ask, stack } = site
  const { at, url } = await receiver(t)
  const items = [
    'content_types.entries.environments.publish.success',
    'content_types.page.entries.environments.staging.publish',
  ]
  const deploys = ['releases.environments.deploy', 'releases.environments.deploy.success']
  const channels = [...items, ...deploys, 'jobs.environments.production.publish.completed']
  await stack.webhook().create({ webhook: fields(`${url}/all`, channels) })
  await stack
    .webhook()
    .create({ webhook: fields(`${url}/quiet`, channels, { skip_items_webhook_trigger: true }) })
  const json = { url: `${url}/own`, kinds: ['deployment.finished'] }
  t.assert.equal((await site.house.ask('/headgate/v1/webhooks', { json })).status, 201)
  const uids = [await entry(site, 'A'), await entry(site, 'B'), await entry(site, 'C')]
  const released = await release(site, 'Big', uids)
  await eventually(async () => t.assert.deepEqual([at('/all').length, at('/quiet').length], [4, 1]))
  const [deployed] = at('/quiet')
  t.assert.partialDeepStrictEqual(deployed!.body, {
    ...{ module: 'release', event: 'deploy' },
    data: {
      ...{ action: 'deploy', status: 'success', environment: { name: 'production' } },
      release: { name: 'Big', uid: released, items: uids.map((uid) => ({ uid, version: 1 })) },
    },
  })
  const { environment, surrogate_keys } = deployed!.body.data
  t.assert.ok(surrogate_keys.includes(`${environment.uid}/${uids[0]}`))
  const published = at('/all').filter(({ body }) => body.module === 'entry')
  t.assert.deepEqual(published.map(({ body }) => body.data.entry.uid).toSorted(), uids.toSorted())
  t.assert.partialDeepStrictEqual(published[0]!.body, {
    event: 'publish',
    source: { type: 'release', title: 'Big', uid: released },
    data: { action: 'publish', status: 'success', locale: 'en-us', environment: { name: 'production' } },
  })

  // In our own words: one message that says what changed where, and what a cache has to forget.
  await eventually(async () => t.assert.equal(at('/own').length, 1))
  t.assert.partialDeepStrictEqual(at('/own')[0]!.body, {
    type: 'deployment.finished',
    data: {
      environment: { name: 'production' },
      deployment: {
        ...{ state: 'succeeded', release: { name: 'Big' } },
        changes: {
          counts: [{ locale: 'en-us', action: 'publish', count: 3 }],
          first: uids.map((uid) => ({ key: `main/${uid}/en-us`, kind: 'page', after: '1' })),
          surrogate_keys: [`${environment.uid}/page`, ...uids.map((uid) => `${environment.uid}/${uid}`)],
        },
      },
    },
  })

  // Published without a release: no source, and one message for the job.
  await ask('POST', `/content_types/page/entries/${uids[0]}/publish`, {
    entry: { environments: ['staging', 'production'], locales: ['en-us'] },
  })
  await eventually(async () => t.assert.deepEqual([at('/all').length, at('/quiet').length], [6, 3]))
  const [alone] = at('/quiet').filter(({ body }) => body.module === 'entry')
  t.assert.deepEqual([alone!.body.source, alone!.body.data.environment.name], [undefined, 'staging'])
  const [job] = at('/quiet').filter(({ body }) => body.module === 'job')
  t.assert.partialDeepStrictEqual(job!.body.data, { success_count: 0, skipped_count: 1, failed_count: 0 })
})

test('the deploy itself can ask for one message', async (t: TestContext) => {
  const site = await open(t)
  const { at, url } = await receiver(t)
  const channels = ['content_types.entries.environments.publish.success', 'releases.environments.deploy']
  await site.stack.webhook().create({ webhook: fields(`${url}/all`, channels) })
  await release(site, 'Quiet', [await entry(site, 'A')], { skip_items_webhook_trigger: true })
  await release(site, 'Loud', [await entry(site, 'B')])
  await eventually(async () => t.assert.equal(at('/all').length, 3))
  t.assert.deepEqual(
    at('/all')
      .map(({ body }) => body.data.entry?.title ?? body.data.release.name)
      .toSorted(),
    ['B', 'Loud', 'Quiet'],
  )
})

test('assets and unpublishing are told too, on the branches and in the environments asked for', async (t: TestContext) => {
  const site = await open(t)
  const { ask, house, authtoken, api_key } = site
  const { at, url } = await receiver(t)
  const channels = [
    ...['assets.environments.staging.publish.success', 'content_types.entries.unpublish'],
    'releases.delete',
  ]
  await site.stack.webhook().create({ webhook: fields(`${url}/all`, channels) })
  await ask('POST', '/stacks/branches', { branch: { uid: 'dev', source: 'main' } })
  await site.stack.webhook().create({ webhook: fields(`${url}/dev`, channels, { branches: ['dev'] }) })
  const { uid } = (await upload(house.url, { authtoken, api_key })).body.asset as { uid: string }
  const environments = ['staging', 'production']
  await ask('POST', `/assets/${uid}/publish`, { asset: { environments, locales: ['en-us'] } })
  const page = await entry(site, 'A')
  const target = { entry: { environments: ['production'], locales: ['en-us'] } }
  await ask('POST', `/content_types/page/entries/${page}/publish`, target)
  await eventually(async () => {
    const { body } = await site.deliver('production', `/content_types/page/entries/${page}`)
    t.assert.equal(body.entry?.uid, page)
  })
  await ask('POST', `/content_types/page/entries/${page}/unpublish`, target)
  const { uid: release } = (await ask('POST', '/releases', { release: { name: 'Never deployed' } })).body
    .release
  await ask('DELETE', `/releases/${release}`)
  await eventually(async () => t.assert.equal(at('/all').length, 3))
  const [removed] = at('/all').filter(({ body }) => body.module === 'release')
  t.assert.partialDeepStrictEqual(removed!.body, {
    event: 'delete',
    data: { release: { uid: release, name: 'Never deployed' } },
  })
  const [asset] = at('/all').filter(({ body }) => body.module === 'asset')
  t.assert.partialDeepStrictEqual(asset!.body, {
    event: 'publish',
    data: {
      asset: {
        uid,
        filename: 'hello.txt',
        file_size: '5',
        url: `${house.url}/v3/assets/${api_key}/${uid}/1/hello.txt`,
      },
      ...{ environment: { name: 'staging' }, locale: 'en-us', action: 'publish', status: 'success' },
    },
  })
  const [gone] = at('/all').filter(({ body }) => body.module === 'entry')
  t.assert.partialDeepStrictEqual(gone!.body, {
    event: 'unpublish',
    data: { entry: { uid: page, title: 'A' }, environment: { name: 'production' }, action: 'unpublish' },
  })
  t.assert.equal(at('/dev').length, 0)
})
