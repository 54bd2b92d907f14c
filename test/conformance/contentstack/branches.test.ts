import { test, type TestContext } from 'node:test'
import { eventually, openStack, raw, type TestStack } from './open-stack.ts'

const entries = '/content_types/page/entries'
const on = (branch: string) => ({ branch })

async function publish({ ask }: TestStack, uid: string, branch: string) {
  const body = { entry: { environments: ['production'], locales: ['en-us'] } }
  const { status } = await ask('POST', `${entries}/${uid}/publish`, body, on(branch))
  return status
}

test('a branch starts with its source’s content and goes its own way, by its name and by its aliases', async (t: TestContext) => {
  const stack = await openStack(t)
  const { ask, api_key, house } = stack
  const { uid } = (await ask('POST', entries, { entry: { title: 'One', price: 1 } })).body.entry
  await ask('PUT', `${entries}/${uid}`, { entry: { title: 'One', price: 2 } })
  await publish(stack, uid, '')
  await ask('POST', '/releases', { release: { name: 'Of main' } })
  const made = await ask('POST', '/stacks/branches', { branch: { uid: 'dev', source: 'main' } })
  t.assert.equal(made.status, 201)

  const inDev = (await ask('GET', `${entries}/${uid}`, undefined, on('dev'))).body.entry
  t.assert.deepEqual([inDev.price, inDev._version], [2, 2], 'the history of versions comes along')
  t.assert.equal((await ask('GET', `${entries}/${uid}?version=1`, undefined, on('dev'))).body.entry.price, 1)
  t.assert.deepEqual(
    (await ask('GET', '/releases', undefined, on('dev'))).body.releases,
    [],
    'releases do not',
  )
  await ask('PUT', `${entries}/${uid}`, { entry: { price: 9 } }, on('dev'))
  t.assert.equal((await ask('GET', `${entries}/${uid}`)).body.entry.price, 2)

  await ask('PUT', '/stacks/branch_aliases/live', { branch_alias: { target_branch: 'main' } })
  const price = async () => (await ask('GET', `${entries}/${uid}`, undefined, on('live'))).body.entry.price
  t.assert.equal(await price(), 2)
  const scope = [
    { module: 'environment', environments: ['production'] },
    { module: 'branch_alias', branch_aliases: ['live'], acl: { read: true } },
  ]
  const { token } = (await ask('POST', '/stacks/delivery_tokens', { token: { name: 'Site', scope } })).body
  const site = raw(house.url, { api_key, access_token: token.token })
  const read = (branch: string) =>
    site('GET', `${entries}/${uid}?environment=production&include_branch=true`, undefined, on(branch))
  await eventually(async () => t.assert.equal((await read('live')).body.entry?._version, 2))
  t.assert.deepEqual(
    (await read('live')).body.entry._branch,
    'main',
    'an alias is answered as the branch it means',
  )
  const elsewhere = await read('dev')
  t.assert.equal(elsewhere.status, 403, 'the alias does not mean dev yet')
  t.assert.match(elsewhere.body.error_message, /bound to branches \(.*\) and does not reach dev/)

  // Readers of the alias get what is published on dev the moment it is moved.
  t.assert.ok((await publish(stack, uid, 'dev')) < 300)
  await eventually(async () => {
    const { body } = await ask('GET', `${entries}/${uid}?include_publish_details=true`, undefined, on('dev'))
    t.assert.equal(body.entry.publish_details.length, 1)
  })
  await ask('PUT', '/stacks/branch_aliases/live', { branch_alias: { target_branch: 'dev' } })
  t.assert.equal((await read('live')).body.entry.price, 9)
  t.assert.equal((await read('main')).status, 403, 'a token bound to an alias goes with it')
  t.assert.equal(await price(), 9)

  const named = await ask('POST', '/releases?include_branch=true', { release: { name: 'R' } }, on('live'))
  t.assert.equal(named.body.release._branch, 'dev')
  const asset = `/assets?include_branch=true`
  for (const path of [`${entries}?include_branch=true`, '/content_types?include_branch=true', asset]) {
    const { status, body } = await ask('GET', path, undefined, on('live'))
    const [one] = Object.values(body)[0] as { _branch?: string }[]
    t.assert.equal(status, 200)
    if (one) t.assert.equal(one._branch, 'dev', path)
  }

  const refused = async (method: string, path: string, body?: unknown, headers = {}) => {
    const answer = await ask(method, path, body, headers)
    return [answer.status, answer.body.error_code, ...Object.keys(answer.body.errors ?? {})]
  }
  const branch = (uid: unknown, source?: unknown) => ({ branch: { uid, source } })
  const alias = (target_branch?: unknown) => ({ branch_alias: { target_branch } })
  const make = (body: unknown) => refused('POST', '/stacks/branches', body)
  t.assert.deepEqual(await make({}), [422, 905, 'branch'])
  t.assert.deepEqual(await make(branch(undefined)), [422, 905, 'uid'])
  t.assert.deepEqual(await make(branch(7)), [422, 905, 'uid'])
  t.assert.deepEqual(await make(branch('Dev!')), [422, 905, 'uid'])
  t.assert.deepEqual(await make(branch('x', 'moon')), [422, 903, 'branch'])
  t.assert.deepEqual(await make(branch('dev', 'main')), [422, 910, 'uid'])
  t.assert.deepEqual(await make(branch('live', 'main')), [422, 910, 'uid'], 'an alias has that name')
  t.assert.deepEqual(await refused('GET', '/stacks/branches/moon'), [422, 903, 'branch'])
  t.assert.deepEqual(await refused('GET', '/releases', undefined, on('moon')), [422, 903, 'branch'])
  const early = await ask('GET', '/environments', undefined, on('moon'))
  t.assert.equal(early.status, 200, 'what has no branch is there from any')
  const [status, , field] = await refused('GET', '/stacks/branches?query={"created_at":1}')
  t.assert.deepEqual([status, field], [422, 'created_at'])
  const put = (name: string, body: unknown) => refused('PUT', `/stacks/branch_aliases/${name}`, body)
  t.assert.deepEqual(await put('a', {}), [422, 905, 'branch_alias'])
  t.assert.deepEqual(await put('a', alias()), [422, 905, 'target_branch'])
  t.assert.deepEqual(await put('a', alias('moon')), [422, 903, 'branch'])
  t.assert.deepEqual(await put('Invalid-Alias!@$', alias('main')), [422, 905, 'uid'])
  t.assert.deepEqual(await put('dev', alias('main')), [422, 910, 'uid'], 'a branch has that name')
  t.assert.deepEqual(await refused('GET', '/stacks/branch_aliases/moon'), [422, 903, 'uid'])
  t.assert.deepEqual(await refused('DELETE', '/stacks/branch_aliases/moon?force=true'), [422, 903, 'uid'])

  // It goes whole: content, releases, what is live.
  const remove = (uid: string) => refused('DELETE', `/stacks/branches/${uid}?force=true`)
  t.assert.deepEqual(await remove('main'), [422, 909, 'branch'])
  t.assert.deepEqual(await remove('moon'), [422, 903, 'branch'])
  t.assert.deepEqual(await remove('dev'), [422, 909, 'uid'], 'an alias means it')
  await ask('DELETE', '/stacks/branch_aliases/live?force=true')
  const release = named.body.release.uid
  const item = { uid, version: 3, locale: 'en-us', content_type_uid: 'page' }
  await ask('POST', `/releases/${release}/items`, { items: [item] }, on('dev'))
  const scheduled_at = new Date(house.clock.now.getTime() + 3_600_000).toISOString()
  await ask(
    'POST',
    `/releases/${release}/deploy`,
    { release: { environments: ['production'], scheduled_at } },
    on('dev'),
  )
  t.assert.deepEqual(await remove('dev'), [422, 909, 'uid'], 'a deployment of it is scheduled')
  await ask('DELETE', `/releases/${release}`, undefined, on('dev'))
  t.assert.equal((await ask('DELETE', '/stacks/branches/dev?force=true')).status, 200)
  t.assert.deepEqual(await refused('GET', '/releases', undefined, on('dev')), [422, 903, 'branch'])
  const live = await house.ask('/headgate/v1/projects/site/environments/production/live')
  const { items } = (await live.json()) as { items: { key: string }[] }
  t.assert.deepEqual(
    items.map(({ key }) => key),
    [`main/${uid}/en-us`],
  )
  const history = await house.ask('/headgate/v1/projects/site/environments/production/deployments')
  t.assert.equal(history.status, 200)
  t.assert.ok(((await history.json()) as { items: unknown[] }).items.length >= 3, 'its deployments stay')
  t.assert.equal(
    (await ask('POST', '/stacks/branches', branch('dev', 'main'))).status,
    201,
    'and its name is free',
  )
  t.assert.equal((await ask('GET', `${entries}/${uid}`, undefined, on('dev'))).body.entry.price, 2)
  t.assert.equal((await ask('GET', '/releases', undefined, on('dev'))).body.releases.length, 0)
})
