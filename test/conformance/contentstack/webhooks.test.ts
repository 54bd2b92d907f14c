import { constants, createPublicKey, verify } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { serve } from '../../ground/receiver.ts'
import { eventually, openStack, raw, type TestStack } from './open-stack.ts'

interface Got {
  path: string
  headers: Record<string, string>
  text: string
  // What a vendor sends is what the tests are about: they look into it freely.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any
}

/** A receiver that keeps what it gets, by path; a path with a number is answered with it. */
async function receiver(t: TestContext) {
  const got: Got[] = []
  const { port } = await serve(t, (request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    request.on('end', () => {
      const path = request.url ?? ''
      got.push({ path, headers: request.headers as Record<string, string>, text, body: JSON.parse(text) })
      response.writeHead(Number(/\d{3}/.exec(path)?.[0] ?? 200)).end('{"said":"so"}')
    })
  })
  return { at: (path: string) => got.filter((one) => one.path === path), url: `http://127.0.0.1:${port}` }
}

const allow = { HEADGATE_OUTGOING_ALLOW: '127.0.0.1' }
const open = (t: TestContext) => openStack(t, ['production', 'staging'], allow)

const fields = (target_url: string, channels: string[], more: object = {}) => ({
  name: 'Hook',
  destinations: [{ target_url, http_basic_auth: '', http_basic_password: '', custom_header: [] }],
  ...{ channels, retry_policy: 'manual', disabled: false, concise_payload: false, ...more },
})

async function entry({ ask }: TestStack, title: string): Promise<string> {
  const { body } = await ask('POST', '/content_types/page/entries?locale=en-us', { entry: { title } })
  return body.entry.uid as string
}

/** A release with these entries, and its deployment. */
async function release({ ask }: TestStack, name: string, uids: readonly string[], more: object = {}) {
  const { body } = await ask('POST', '/releases', { release: { name } })
  const { uid } = body.release as { uid: string }
  for (let at = 0; at < uids.length; at += 25) {
    const items = uids.slice(at, at + 25).map((one) => ({
      ...{ uid: one, version: 1, locale: 'en-us', content_type_uid: 'page', action: 'publish' },
    }))
    await ask('POST', `/releases/${uid}/items`, { items })
  }
  const deployed = await ask('POST', `/releases/${uid}/deploy`, {
    release: { environments: ['production'], locales: ['en-us'], ...more },
  })
  if (deployed.status !== 200) throw new Error(JSON.stringify(deployed.body))
  return uid
}

test('the SDK makes, reads, changes, lists, exports and removes webhooks; secrets are not told', async (t: TestContext) => {
  const { stack, ask, house } = await open(t)
  const { url } = await receiver(t)
  const destination = {
    ...{ target_url: `${url}/one`, http_basic_auth: 'me', http_basic_password: 'hush' },
    custom_header: [
      { header_name: 'X-Api-Key', value: 'hush-hush' },
      { header_name: 'X-Site', value: 'blue' },
    ],
  }
  const more = { destinations: [destination, { target_url: `${url}/two` }], branches: ['main'] }
  const webhook = await stack.webhook().create({ webhook: fields(url, ['assets.create'], more) })
  t.assert.match(webhook.uid, /^cs[0-9a-f-]{36}$/)
  t.assert.partialDeepStrictEqual(
    { ...webhook },
    {
      ...{ name: 'Hook', channels: ['assets.create'], retry_policy: 'manual', branches: ['main'] },
      destinations: [
        {
          ...{ http_basic_auth: 'me', http_basic_password: '********', authentication_type: 'Basic' },
          custom_header: [
            { header_name: 'X-Api-Key', value: '********' },
            { header_name: 'X-Site', value: 'blue' },
          ],
        },
        { target_url: `${url}/two`, authentication_type: 'None' },
      ],
    },
  )
  const fetched = await stack.webhook(webhook.uid).fetch()
  fetched.name = 'Renamed'
  t.assert.equal((await fetched.update()).name, 'Renamed')
  const { items, count } = await (
    stack.webhook() as unknown as { fetchAll(query: object): Promise<{ items: object[]; count: number }> }
  ).fetchAll({ include_count: true })
  t.assert.deepEqual([items.length, count], [1, 1])

  const exported = (await ask('GET', `/webhooks/${webhook.uid}/export`)).body
  t.assert.ok(!JSON.stringify(exported).includes('hush'))
  const folder = await mkdtemp(join(tmpdir(), 'webhook-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'webhook.json')
  await writeFile(file, JSON.stringify(fields(`${url}/in`, ['assets.delete'], { name: 'Imported' })))
  const imports = stack.webhook() as unknown as {
    import(from: object): Promise<{ uid: string; name: string }>
  }
  const imported = await imports.import({ webhook: file })
  t.assert.equal(imported.name, 'Imported')
  const into = stack.webhook(webhook.uid) as unknown as typeof imports
  t.assert.equal((await into.import({ webhook: file })).uid, webhook.uid)

  // What our own API shows of it, and may change.
  const project = (await house.client.listProjects()).items[0]!.key
  const native = async (init: object, path = '') =>
    (await house.ask(`/headgate/v1/webhooks${path}`, init)) as Response
  const listed = (await (await native({}, `?project=${project}`)).json()) as { items: { id: string }[] }
  t.assert.equal(listed.items.length, 2)
  const patch = (json: object) => native({ method: 'PATCH', json }, `/${listed.items[0]!.id}`)
  t.assert.equal((await patch({ kinds: ['*'] })).status, 422)
  t.assert.equal((await patch({ description: 'theirs' })).status, 200)

  await stack.webhook(imported.uid).delete()
  t.assert.equal((await ask('GET', `/webhooks/${imported.uid}`)).status, 422)
})

test('a wrong webhook is refused: the field and the reason', async (t: TestContext) => {
  const { ask, house, api_key, authtoken } = await open(t)
  const { url } = await receiver(t)
  const make = (webhook: object) => ask('POST', '/webhooks', { webhook })
  const ok = fields(url, ['assets.create'])
  const to = (one: object) => ({ ...ok, destinations: [{ target_url: url }, { target_url: url, ...one }] })
  const cases: [object, string][] = [
    [{ ...ok, name: undefined }, 'name'],
    [{ ...ok, channels: [] }, 'channels'],
    [{ ...ok, channels: ['everything'] }, 'channels.0'],
    [{ ...ok, destinations: [] }, 'destinations'],
    [{ ...ok, retry_policy: 'never' }, 'retry_policy'],
    [{ ...ok, disabled: 'no' }, 'disabled'],
    [to({ target_url: 'http://10.1.2.3/' }), 'destinations.1.target_url'],
    [to({ target_url: 'http://169.254.169.254/latest' }), 'destinations.1.target_url'],
    [to({ target_url: 'file:///etc/passwd' }), 'destinations.1.target_url'],
    [to({ target_url: 'http://me:hush@example.com' }), 'destinations.1.target_url'],
    [to({ authentication_type: 'OAuth2' }), 'destinations.1.authentication_type'],
    [to({ http_basic_auth: 'me', http_basic_password: '********' }), 'destinations.1.http_basic_password'],
    [
      to({ custom_header: [{ header_name: 'Host', value: 'x' }] }),
      'destinations.1.custom_header.0.header_name',
    ],
    [
      to({ custom_header: [{ header_name: 'a b', value: 'x' }] }),
      'destinations.1.custom_header.0.header_name',
    ],
    [
      to({ custom_header: [{ header_name: 'a', value: 'x\r\ny: z' }] }),
      'destinations.1.custom_header.0.value',
    ],
  ]
  for (const [webhook, field] of cases) {
    const { status, body } = await make(webhook)
    t.assert.deepEqual([status, body.error_code], [422, 141], field)
    t.assert.ok(Object.keys(body.errors).includes(field), `${field}: ${JSON.stringify(body.errors)}`)
  }
  t.assert.deepEqual((await make({ ...ok, branches: ['nowhere'] })).body.error_code, 903)

  const made = (await make(to({ http_basic_auth: 'me', http_basic_password: 'hush' }))).body.webhook
  const turned = structuredClone(made)
  turned.destinations[1].target_url = 'https://elsewhere.example.com/'
  const stolen = await ask('PUT', `/webhooks/${made.uid}`, { webhook: turned })
  t.assert.deepEqual(Object.keys(stolen.body.errors), ['destinations.1.http_basic_password'])
  for (const query of ['from=tomorrow', 'query={"status":{"$gte":"many"}}', 'query=[', 'limit=-1'])
    t.assert.equal((await ask('GET', `/webhooks/${made.uid}/executions?${encodeURI(query)}`)).status, 422)
  for (const path of [`/webhooks/${made.uid}/retry`, '/webhooks/cs1/retry'])
    t.assert.equal((await ask('POST', path, {})).status, 422, path)
  t.assert.equal((await ask('GET', '/webhooks/blt1')).status, 422)

  const form = new FormData()
  form.append('webhook', new Blob(['{"name": "half']), 'webhook.json')
  const headers = { api_key, authtoken }
  const broken = await fetch(`${house.url}/v3/webhooks/import`, { method: 'POST', headers, body: form })
  t.assert.equal(broken.status, 422)
})

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
  await stack.webhook().create({ webhook: fields(url, all, { destinations: [one, two] }) })
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

test('executions say what was sent and answered, by time and status; a failed one is retried by hand', async (t: TestContext) => {
  const site = await open(t)
  const { stack, ask, house, api_key } = site
  const { at, url } = await receiver(t)
  const channels = ['content_types.entries.create', 'content_types.page.entries.create']
  const made = await stack.webhook().create({ webhook: fields(`${url}/503`, channels) })
  const stubborn = await stack.webhook().create({
    webhook: fields(`${url}/500`, channels, { retry_policy: 'automatic' }),
  })
  const hook = stack.webhook(made.uid) as unknown as {
    executions(
      query: object,
    ): Promise<{ webhooks: { uid: string; status: number | null; retry_count: number }[] }>
    retry(uid: string): Promise<{ notice: string }>
  }
  await entry(site, 'A')
  const find = async (query = {}) => (await hook.executions(query)).webhooks
  await eventually(async () => t.assert.equal((await find())[0]?.status, 503))
  const [execution] = await find()
  t.assert.partialDeepStrictEqual(execution! as object, {
    ...{ channel: channels, retry_count: 0, status: 503, webhooks: [made.uid], projectUid: api_key },
    event_data: { module: 'entry', event: 'create', data: { entry: { title: 'A' } } },
    request_details: [
      {
        retry_number: 0,
        request: { method: 'POST', uri: `${url}/503`, body: { module: 'entry' } },
        response: { statusCode: 503, body: '{"said":"so"}' },
      },
    ],
  })
  // A day later it was not sent again, while the other was.
  house.clock.now = new Date(house.clock.now.getTime() + 86_400_000)
  await house.deliveries?.sweep()
  await eventually(async () => t.assert.ok(at('/500').length > 1))
  t.assert.equal(at('/503').length, 1)

  t.assert.equal((await hook.retry(execution!.uid)).notice, 'Webhook retry scheduled')
  await eventually(async () => t.assert.equal((await find())[0]?.retry_count, 1))
  t.assert.equal((await ask('POST', `/webhooks/${execution!.uid}/retry`)).status, 200)
  await eventually(async () => t.assert.equal((await find())[0]?.retry_count, 2))
  const log = (await ask('GET', `/webhooks/${execution!.uid}/logs`)).body.webhook
  t.assert.deepEqual([log.request_details.retry_number, log.webhooks[0].uid], [2, made.uid])

  const counts = async (query: object) => (await find(query)).length
  const status = ($gte: string, $lte: string) => ({ status: { $gte, $lte } })
  t.assert.equal(await counts({ query: status('400', '599') }), 1)
  t.assert.equal(await counts({ query: status('200', '399') }), 0)
  const before = new Date(house.clock.now.getTime() - 40 * 3_600_000).toISOString()
  t.assert.deepEqual(
    [await counts({ from: before }), await counts({ to: before }), await counts({ skip: 1 })],
    [1, 0, 0],
  )
  t.assert.equal('request_details' in (await find({ only_events: true }))[0]!, false)

  // Another stack's key opens none of it.
  const other = await ask(
    'POST',
    '/stacks',
    { stack: { name: 'Other', master_locale: 'en-us' } },
    { api_key: '' },
  )
  const foreign = raw(house.url, { authtoken: site.authtoken, api_key: other.body.stack.api_key })
  for (const path of [`/webhooks/${stubborn.uid}`, `/webhooks/${execution!.uid}/logs`])
    t.assert.equal((await foreign('GET', path)).status, 422)
})
