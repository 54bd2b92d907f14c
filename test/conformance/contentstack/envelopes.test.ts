import { test, type TestContext } from 'node:test'
import { eventually, openStack, upload } from './open-stack.ts'

/** What differs from run to run, named by the order in which it is first seen. */
function masked(value: unknown): string {
  const seen = new Map<string, string>()
  const name = (kind: string) => (text: string) => {
    const known = seen.get(text)
    if (known) return known
    const made = `<${kind} ${[...seen.values()].filter((one) => one.startsWith(`<${kind}`)).length + 1}>`
    seen.set(text, made)
    return made
  }
  return JSON.stringify(value, null, 2)
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, '<origin>')
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, name('job'))
    .replaceAll(/\bdep_[0-9a-f]{32}\b/g, name('deployment'))
    .replaceAll(/\bcs[0-9a-f]{34}\b/g, name('secret'))
    .replaceAll(/\bblt[0-9a-f]{16}\b/g, name('uid'))
}

test('one answer of each kind, as it goes over the wire', async (t: TestContext) => {
  const stack = await openStack(t, ['production'])
  const { ask, deliver, house, authtoken, api_key } = stack
  const samples: Record<string, unknown> = {}
  const keep = async (name: string, answer: ReturnType<typeof ask>) => {
    const { status, body } = await answer
    samples[`${name} → ${status}`] = body
    return body
  }
  await keep('GET /stacks', ask('GET', '/stacks'))
  await keep('GET /environments/production', ask('GET', '/environments/production'))
  await keep('GET /locales', ask('GET', '/locales'))
  await keep('GET /content_types/page', ask('GET', '/content_types/page'))
  const { asset } = await keep('POST /assets', upload(house.url, { authtoken, api_key }))
  const written = { entry: { title: 'Hello', picture: asset.uid, tags: ['a'] } }
  const { entry } = await keep('POST entries', ask('POST', '/content_types/page/entries', written))
  const scope = [
    { module: 'environment', environments: ['production'] },
    { module: 'branch', branches: ['main'] },
  ]
  await keep('POST delivery_tokens', ask('POST', '/stacks/delivery_tokens', { token: { name: 'T', scope } }))
  const { release } = await keep(
    'POST /releases',
    ask('POST', '/releases', { release: { name: 'Spring launch' } }),
  )
  const items = [
    { uid: entry.uid, version: 1, locale: 'en-us', content_type_uid: 'page', action: 'publish' },
    { uid: asset.uid, version: 1, locale: 'en-us', content_type_uid: 'built_io_upload', action: 'publish' },
  ]
  await keep('POST /releases/{uid}/items', ask('POST', `/releases/${release.uid}/items`, { items }))
  const where = { release: { environments: ['production'] } }
  await keep('POST /releases/{uid}/deploy', ask('POST', `/releases/${release.uid}/deploy`, where))
  await eventually(async () => {
    const { status } = (await ask('GET', `/releases/${release.uid}`)).body.release
    if (status.length === 0) throw new Error('not deployed yet')
  })
  await keep('GET /releases/{uid}', ask('GET', `/releases/${release.uid}`))
  await keep(
    'GET /releases',
    ask('GET', '/releases?include_count=true&include_items_count=true&include_branch=true'),
  )
  const path = `/content_types/page/entries/${entry.uid}`
  await keep('GET entry with its details', ask('GET', `${path}?include_publish_details=true`))
  await keep('GET entry, delivered', deliver('production', path))
  await keep('GET asset, delivered', deliver('production', `/assets/${asset.uid}`))
  const { queue } = await keep('GET /publish-queue', ask('GET', '/publish-queue?include_branch=true'))
  await keep('GET /publish-queue/{uid}', ask('GET', `/publish-queue/${queue[0].uid}`))
  const job = `/bulk/jobs/${queue[0].bulkJobId}`
  await keep('GET /bulk/jobs/{id}', ask('GET', job))
  await keep('GET /bulk/jobs/{id}/items', ask('GET', `${job}/items?include_count=true`))
  await keep('an unknown release', ask('GET', '/releases/blt0000000000000000'))
  await keep('a wrong field', ask('POST', '/releases', { release: {} }))
  await keep('an endpoint that is not built', ask('GET', '/labels'))
  await keep('a path that is none', ask('GET', '/nowhere'))
  t.assert.fileSnapshot(`${masked(samples)}\n`, 'test/golden/contentstack-envelopes.json', {
    serializers: [String],
  })
})
