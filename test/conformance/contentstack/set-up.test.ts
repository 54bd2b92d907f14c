import { test, type TestContext } from 'node:test'
import { openHouse, type TestHouse } from '../../open-house.ts'
import { raw } from './open-stack.ts'
import { sdkOf, type Instance } from './sdk.ts'

const main = { module: 'branch', branches: ['main'], acl: { read: true } }
const both = { read: true, write: true }

/** What the vendor's own suite does before and after it tests anything, by its own client. */
test('the set-up of the vendor’s suite goes through, all of it read back by the SDK', async (t: TestContext) => {
  const house = await openHouse(t)
  const { email, password } = house.credentials
  const client = sdkOf(house.url)
  const signedIn = await client.login({ email, password, tfa_token: '123456' })
  t.assert.equal(signedIn.notice, 'Login Successful.')
  const { authtoken } = signedIn.user

  signedIn.user.first_name = 'Ada'
  t.assert.equal((await signedIn.user.update()).first_name, 'Ada', 'the SDK puts back the whole user')

  const organizations = (await client.organization().fetchAll({ limit: 1, include_count: true })).items
  const [own] = organizations as [Instance]
  t.assert.deepEqual([organizations.length, own.name, own.is_owner], [1, 'Headgate', true])
  t.assert.equal((await client.organization(own.uid).fetch()).uid, own.uid)
  t.assert.equal(signedIn.user.org_uid[0], own.uid)
  t.assert.equal((await client.organization().fetchAll({ skip: 1 })).items.length, 0)
  t.assert.deepEqual(
    (await own.roles()).items.map((role: Instance) => role.name),
    ['admin', 'member'],
  )

  // By hand, as the suite does it: the organisation in a header.
  const body = { stack: { name: 'SDK_Test', description: 'D', master_locale: 'en-us' } }
  const made = await raw(house.url, { authtoken, organization_uid: own.uid })('POST', '/stacks', body)
  t.assert.deepEqual([made.status, made.body.stack.org_uid], [201, own.uid])
  const second = await client.stack().create({ stack: { name: 'Second' } }, { organization_uid: own.uid })
  t.assert.equal(second.master_locale, 'en-us')
  const { api_key } = made.body.stack
  const listed = await client.stack().query({ limit: 1, include_count: true }).find()
  t.assert.deepEqual([listed.items.length, listed.count], [1, 2])
  const keys = (await own.stacks({ limit: 10 })).items.map((one: Instance) => one.api_key)
  t.assert.deepEqual(keys.toSorted(), [api_key, second.api_key].toSorted())

  const stack = client.stack({ api_key })
  t.assert.equal((await stack.fetch()).name, 'SDK_Test')
  t.assert.deepEqual(
    (await stack.users()).map(({ email: its }) => its),
    [email],
  )
  t.assert.deepEqual(await stack.settings(), { stack_variables: {}, discrete_variables: {} })
  t.assert.ok(await stack.resetSettings())

  const environment = { name: 'development', urls: [{ locale: 'en-us', url: 'http://example.com/' }] }
  t.assert.equal((await stack.environment().create({ environment })).name, 'development')
  const locale = await stack.locale().create({ locale: { code: 'fr-fr', fallback_locale: 'en-us' } })
  t.assert.deepEqual([locale.code, locale.fallback_locale], ['fr-fr', 'en-us'])

  const management = await stack.managementToken().create({
    token: {
      ...{ name: 'SDK_Test_Token', description: 'D', expires_on: '2099-01-31T12:00:00.000Z' },
      scope: [
        ...['content_type', 'entry', 'asset', 'environment', 'locale'].map((module) => ({
          module,
          acl: both,
        })),
        main,
        { module: 'branch_alias', branch_aliases: [], acl: { read: true } },
      ],
    },
  })
  t.assert.equal(management.expires_on, '2099-01-31T00:00:00.000Z')
  const managing = sdkOf(house.url).stack({ api_key, management_token: management.token })
  t.assert.equal((await managing.locale().query().find()).items.length, 2)
  const scope = [{ module: 'environment', environments: ['development'], acl: { read: true } }, main]
  const delivery = await stack.deliveryToken().create({ token: { name: 'Delivery', scope } })
  const [found] = (await stack.deliveryToken().query().find()).items as [Instance]
  t.assert.deepEqual([found.uid, found.scope], [delivery.uid, scope])
  found.name = 'Renamed'
  t.assert.equal((await found.update()).name, 'Renamed')

  const dev = await stack.branch().create({ branch: { uid: 'dev', source: 'main' } })
  t.assert.deepEqual(
    [dev.uid, dev.urlPath, dev.source, dev.alias],
    ['dev', '/stacks/branches/dev', 'main', []],
  )
  const branches = (await stack.branch().query().find()).items
  t.assert.deepEqual(
    branches.map(({ uid, source }) => [uid, source]),
    [
      ['main', ''],
      ['dev', 'main'],
    ],
  )
  t.assert.equal(
    (
      await stack
        .branch()
        .query({ query: { source: 'main' } })
        .find()
    ).items.length,
    1,
  )
  const alias = await stack.branchAlias('dev_alias').createOrUpdate('dev')
  t.assert.deepEqual([alias.uid, alias.alias, alias.urlPath], ['dev', 'dev_alias', '/stacks/branches/dev'])
  const [again] = (await stack.branchAlias().fetchAll({ query: { uid: 'dev' } })).items as [Instance]
  t.assert.deepEqual([again.alias, again.urlPath], ['dev_alias', '/stacks/branches/dev'])
  t.assert.equal((await stack.branchAlias('dev_alias').fetch()).source, 'main')
  t.assert.deepEqual((await stack.branch('dev').fetch()).alias, [{ uid: 'dev_alias' }])
  t.assert.equal((await stack.branchAlias('dev_alias').createOrUpdate('main')).uid, 'main')

  const roles = (await stack.role().fetchAll({ include_count: true })).items
  t.assert.deepEqual(
    roles.map(({ name }) => name),
    ['Viewer', 'Releaser', 'Approver', 'Admin'],
  )
  const admin = await stack.role(roles[3]!.uid).fetch()
  t.assert.deepEqual([admin.name, admin.users], ['Admin', [signedIn.user.uid]])

  const user = await client.getUser({ include_orgs: true, include_stack_roles: true })
  t.assert.equal(user.organizations[0].uid, own.uid)
  t.assert.deepEqual([...new Set(user.roles.map((role: Instance) => role.name))], ['Admin'])
  const mine = await client.login(
    { email, password },
    { include_orgs_roles: true, include_user_settings: true },
  )
  t.assert.deepEqual(mine.user.roles, [])

  const { notice } = await stack.branchAlias('dev_alias').delete()
  t.assert.equal(notice, 'Branch alias deleted successfully.')
  const gone = 'Your branch deletion is in progress. Please refresh in a while.'
  t.assert.equal((await stack.branch('dev').delete()).notice, gone)
  t.assert.equal(
    (await stack.managementToken(management.uid).delete()).notice,
    'Management Token deleted successfully.',
  )
  t.assert.equal(
    (await stack.deliveryToken(delivery.uid).delete()).notice,
    'Delivery Token deleted successfully.',
  )
  t.assert.equal((await raw(house.url, { authtoken, api_key })('DELETE', '/stacks')).status, 200)
  t.assert.equal((await client.logout()).notice, "You've logged out successfully.")
  await t.test('people change their own name, and nothing else of themselves', () => changeName(t, house))
})

async function changeName(t: TestContext, house: TestHouse): Promise<void> {
  const { email, password } = house.credentials
  const { body } = await raw(house.url, {})('POST', '/user-session', { user: { email, password } })
  const ask = raw(house.url, { authtoken: body.user.authtoken })
  const put = (user: object) => ask('PUT', '/user', { user })
  const named = await put({ first_name: 'Anna Maria', last_name: 'van Dijk', company: 'Acme' })
  t.assert.equal(named.status, 200)
  const read = (await ask('GET', '/user')).body.user
  t.assert.deepEqual([read.first_name, read.last_name, read.company], ['Anna Maria', 'van Dijk', 'Acme'])
  const listed = await house.ask('/headgate/v1/users')
  const users = (await listed.json()) as { items: { name: string }[] }
  t.assert.equal(users.items[0]?.name, 'Anna Maria van Dijk', 'one name here')
  const back = await put({ ...read, last_name: 'Dijk', authtoken: body.user.authtoken })
  t.assert.deepEqual([back.body.user.first_name, back.body.user.last_name], ['Anna Maria', 'Dijk'])
  t.assert.deepEqual(Object.keys((await put({ email: 'x@example.com' })).body.errors), ['email'])
  t.assert.deepEqual(Object.keys((await put({ password: 'another-one' })).body.errors), ['password'])
  t.assert.deepEqual(Object.keys((await put({ first_name: 'x'.repeat(101) })).body.errors), ['first_name'])
  t.assert.deepEqual(Object.keys((await ask('PUT', '/user', {})).body.errors), ['user'])
  const bearer = raw(house.url, { authorization: `Bearer ${house.credentials.token}` })
  t.assert.equal((await bearer('PUT', '/user', { user: { first_name: 'Bot' } })).status, 403, 'no token may')
}
