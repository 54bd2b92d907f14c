import { test, type TestContext } from 'node:test'
import { openStack, raw, type Answer } from './open-stack.ts'

const main = { module: 'branch', branches: ['main'], acl: { read: true } }
const scoped = (modules: readonly string[], write: boolean) => [
  ...modules.map((module) => ({ module, acl: { read: true, write } })),
  main,
]
const every = [
  'content_type',
  'entry',
  'asset',
  'environment',
  'locale',
  'release',
  'webhook',
  'role',
  'branch',
]

const holders = [
  'admin',
  'releaser',
  'viewer',
  'writer',
  'reader',
  'releases',
  'entries',
  'bearer',
  'deliverer',
  'nobody',
] as const
type Holder = (typeof holders)[number]

/** A status of who may, 403 of who is known and may not, 401 of whose credential does not open this door at all. */
type Row = readonly [
  method: string,
  path: string,
  body: object | undefined,
  may: readonly Holder[],
  shut?: readonly Holder[],
]

const people = ['admin', 'releaser', 'viewer'] as const
const managers = [...people, 'writer', 'reader', 'bearer'] as const
const delivery = ['deliverer', 'nobody'] as const
const tokens = ['writer', 'reader', 'releases', 'entries'] as const

let count = 0
const fresh = (key: string, more: object = {}) => ({ [key]: { name: `n${(count += 1)}`, ...more } })
const entry = () => ({ entry: { title: `t${(count += 1)}` } })

/** Who is let in where (section 1.4). Who is not named in a row is answered 403. */
const table: readonly (() => Row)[] = [
  () => ['GET', '/releases', undefined, [...managers, 'releases'], delivery],
  () => [
    'POST',
    '/releases',
    fresh('release'),
    ['admin', 'releaser', 'writer', 'releases', 'bearer'],
    delivery,
  ],
  () => ['GET', '/content_types/page/entries', undefined, [...managers, 'entries'], ['nobody']],
  () => [
    'POST',
    '/content_types/page/entries',
    entry(),
    ['admin', 'releaser', 'writer', 'entries'],
    delivery,
  ],
  () => ['GET', '/content_types', undefined, managers, ['nobody']],
  () => ['GET', '/assets', undefined, managers, ['nobody']],
  () => ['GET', '/locales', undefined, managers, delivery],
  () => [
    'POST',
    '/locales',
    {
      locale: {
        code: ['de-de', 'it-it', 'es-es', 'pt-pt', 'nl-nl', 'sv-se', 'da-dk', 'fi-fi', 'pl-pl', 'cs-cz'][
          (count += 1) % 10
        ],
      },
    },
    ['admin', 'releaser', 'writer'],
    delivery,
  ],
  () => ['GET', '/environments', undefined, managers, delivery],
  () => ['POST', '/environments', fresh('environment'), ['admin', 'writer'], delivery],
  () => ['GET', '/stacks/branches', undefined, [...managers, 'releases', 'entries'], delivery],
  () => ['DELETE', '/stacks/branches/moon', undefined, ['admin', 'writer'], delivery],
  () => [
    'PUT',
    '/stacks/branch_aliases/live',
    { branch_alias: { target_branch: 'main' } },
    ['admin', 'writer'],
    delivery,
  ],
  () => ['GET', '/roles', undefined, managers, delivery],
  () => ['GET', '/webhooks', undefined, ['admin', 'writer'], delivery],
  () => ['GET', '/publish-queue', undefined, [...managers, 'releases', 'entries'], delivery],
  () => ['GET', '/stacks', undefined, [...managers, 'releases', 'entries'], delivery],
  () => ['PUT', '/stacks', { stack: { description: 'd' } }, ['admin'], delivery],
  () => ['POST', '/stacks/settings', { stack_settings: {} }, ['admin'], delivery],
  () => ['GET', '/stacks/management_tokens', undefined, ['admin'], delivery],
  () => [
    'POST',
    '/stacks/management_tokens',
    fresh('token', { scope: scoped(['entry'], false) }),
    ['admin'],
    delivery,
  ],
  () => ['GET', '/stacks/delivery_tokens', undefined, ['admin'], delivery],
  () => ['GET', '/user', undefined, [...people, 'bearer'], [...tokens, ...delivery]],
  () => ['GET', '/organizations', undefined, [...people, 'bearer'], [...tokens, ...delivery]],
  () => ['POST', '/stacks', fresh('stack'), ['admin'], [...tokens, ...delivery]],
]

test('every kind of credential opens what the vendor says and nothing else', async (t: TestContext) => {
  const { house, ask, api_key, authtoken } = await openStack(t)
  const native = async (path: string, json: object) =>
    (await house.ask(path, { method: 'POST', json })).json()
  const signIn = async (role: string) => {
    const [email, password] = [`${role}@example.com`, 'a-long-password']
    await native('/headgate/v1/users', { email, password, grants: [{ project: 'site', role }] })
    const { body } = await raw(house.url, {})('POST', '/user-session', { user: { email, password } })
    return { authtoken: body.user.authtoken as string }
  }
  const managing = async (name: string, scope: object) => {
    const { body } = await ask('POST', '/stacks/management_tokens', { token: { name, scope } })
    return { authorization: body.token.token as string }
  }
  const place = [{ module: 'environment', environments: ['production'] }, main]
  const made = await ask('POST', '/stacks/delivery_tokens', { token: { name: 'D', scope: place } })
  const bearer = (await native('/headgate/v1/tokens', {
    ...{
      name: 'app',
      scopes: ['project.read', 'catalogue.read', 'release.*', 'deployment.read', 'live.read'],
    },
  })) as { secret: string }
  const credentials: { [H in Holder]: Record<string, string> } = {
    admin: { authtoken },
    releaser: await signIn('releaser'),
    viewer: await signIn('viewer'),
    writer: await managing('writer', scoped(every, true)),
    reader: await managing('reader', scoped(every, false)),
    releases: await managing('releases', scoped(['release'], true)),
    entries: await managing('entries', scoped(['entry'], true)),
    bearer: { authorization: `Bearer ${bearer.secret}` },
    deliverer: { access_token: made.body.token.token },
    nobody: {},
  }

  const wrong: string[] = []
  for (const row of table) {
    for (const holder of holders) {
      const [method, path, body, may, shut = []] = row()
      const outside = ['/user', '/organizations'].includes(path) || (path === '/stacks' && method === 'POST')
      const key: Record<string, string> = outside ? {} : { api_key }
      const address = holder === 'deliverer' ? `${path}?environment=production` : path
      const answer = await raw(house.url, { ...key, ...credentials[holder] })(method, address, body)
      const expected = outcome(holder, may, shut, answer, path)
      if (expected)
        wrong.push(
          `${holder} ${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}, ${expected}`,
        )
      if (answer.status >= 500) wrong.push(`${holder} ${method} ${path}: ${answer.status}`)
    }
  }
  t.assert.deepEqual(wrong, [])

  const refused = await raw(house.url, { api_key, ...credentials.bearer })('POST', '/environments', {
    environment: { name: 'x' },
  })
  t.assert.deepEqual(
    refused.body.errors.scope,
    ['cm.environments.management:write'],
    'what is missing is named',
  )
  t.assert.match(refused.body.error_message, /cm\.environments\.management:write/)
  const module = await raw(house.url, { api_key, ...credentials.entries })('GET', '/releases')
  t.assert.match(module.body.error_message, /lacks read of the module release/)
  const people = raw(house.url, { api_key, ...credentials.entries })
  t.assert.equal((await people('GET', '/stacks')).status, 200)
  t.assert.equal((await people('GET', '/stacks?include_collaborators=true')).status, 403)
  // The same token at our own door may not more than its modules.
  const at = async (path: string) =>
    (await house.ask(path, { headers: { authorization: `Bearer ${credentials.entries.authorization}` } }))
      .status
  t.assert.equal(await at('/headgate/v1/projects/site/releases'), 403)
  const bring = await house.ask('/headgate/v1/projects/site/import', {
    ...{ method: 'POST', headers: { authorization: `Bearer ${credentials.entries.authorization}` } },
    json: { format: 'contentstack', publish: false },
  })
  t.assert.equal(bring.status, 403, 'files may hold anything')

  await t.test('a token of a branch reaches no other, and says so', async () => {
    await ask('POST', '/stacks/branches', { branch: { uid: 'dev' } })
    const scope = [
      { module: 'release', acl: { read: true, write: true } },
      { ...main, branches: ['dev'] },
    ]
    const dev = raw(house.url, { api_key, ...(await managing('dev', scope)) })
    t.assert.equal((await dev('GET', '/releases', undefined, { branch: 'dev' })).status, 200)
    t.assert.equal((await dev('GET', '/releases')).status, 403, 'main is meant where none is named')
    t.assert.equal(
      (await dev('POST', '/releases', { release: { name: 'R' } }, { branch: 'dev' })).status,
      201,
    )
    t.assert.equal((await dev('GET', '/stacks')).status, 200, 'what has no branch is the whole stack’s')
    const unknown = await ask('POST', '/stacks/management_tokens', {
      token: { name: 'x', scope: [{ ...main, branches: ['moon'] }] },
    })
    t.assert.deepEqual([unknown.status, Object.keys(unknown.body.errors)], [422, ['scope.branch_or_alias']])
  })

  await t.test(
    'a token ends at the first moment of its day, and thirty is how many there may be',
    async () => {
      const day = new Date(house.clock.now.getTime() + 3 * 86_400_000)
      const scope = scoped(['release'], false)
      const token = { name: 'short', scope, expires_on: day.toISOString() }
      const { body } = await ask('POST', '/stacks/management_tokens', { token })
      const short = raw(house.url, { api_key, authorization: body.token.token })
      const midnight = new Date(body.token.expires_on).getTime()
      t.assert.equal(body.token.expires_on, `${day.toISOString().slice(0, 10)}T00:00:00.000Z`)
      t.assert.equal((await short('GET', '/releases')).status, 200)
      const now = house.clock.now.getTime()
      house.clock.now = new Date(midnight + 1000)
      t.assert.equal((await short('GET', '/releases')).status, 401)
      house.clock.now = new Date(now)
      const { body: listed } = await ask('GET', '/stacks/management_tokens?count=true')
      const one = (name: string) => ask('POST', '/stacks/management_tokens', { token: { name, scope } })
      for (let n = listed.tokens; n < 30; n += 1) t.assert.equal((await one(`n${n}`)).status, 201)
      const last = await one('one too many')
      t.assert.equal(last.status, 422)
      t.assert.match(last.body.error_message, /At most 30 tokens .*content\.limits\.management_tokens/)
    },
  )

  await t.test('a person has twenty sessions, the newest, until they sign out', async () => {
    const user = { email: 'viewer@example.com', password: 'a-long-password' }
    for (let n = 0; n < 19; n += 1) await raw(house.url, {})('POST', '/user-session', { user })
    const first = raw(house.url, credentials.viewer)
    t.assert.equal((await first('GET', '/user')).status, 200)
    await raw(house.url, {})('POST', '/user-session', { user })
    t.assert.equal((await first('GET', '/user')).status, 401)
  })

  await t.test('what is left to the caller is told on every answer', async () => {
    const look = async (path: string, headers: Record<string, string>) => {
      const { status, headers: told } = await fetch(`${house.url}/v3${path}`, { headers })
      t.assert.ok(Number(told.get('x-ratelimit-limit')) > 0, `${status} ${path}`)
      t.assert.ok(Number(told.get('x-ratelimit-remaining')) > 0, `${status} ${path}`)
    }
    await look('/releases', { api_key, authtoken })
    await look('/releases', { api_key })
    await look('/releases/blt0', { api_key, authtoken })
    await look('/nowhere', { api_key, authtoken })
    await look('/labels', { api_key, authtoken })
    await look('/assets?environment=production', { api_key, ...credentials.deliverer })
  })
})

/** What is wrong with an answer, if anything. */
function outcome(
  holder: Holder,
  may: readonly Holder[],
  shut: readonly Holder[],
  { status }: Answer,
  path: string,
): string | undefined {
  // What is deleted here is not there: who may learns so.
  if (may.includes(holder)) return status < 300 || path.endsWith('/moon') ? undefined : 'but may'
  if (shut.includes(holder)) return status === 401 ? undefined : 'but has nothing for this door'
  // A delivery token shares some addresses with managers, and reads there what is live.
  if (holder === 'deliverer') return status === 200 ? undefined : 'but reads what is live'
  return status === 403 ? undefined : 'but may not'
}
