import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { entry, fields, openHooked as open, receiver } from './open-hooks.ts'
import { eventually, raw } from './open-stack.ts'

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
