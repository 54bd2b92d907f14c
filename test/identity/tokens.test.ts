import { test, type TestContext } from 'node:test'
import { asPrincipal, transact, type Context, type House } from '#app/context.ts'
import { createToken, type NewToken } from '#app/identity/create-token.ts'
import { createUser } from '#app/identity/create-user.ts'
import { declareTokenIn } from '#app/identity/declare-token.ts'
import { forgetPrincipals } from '#app/identity/forget-principals.ts'
import { getToken } from '#app/identity/get-token.ts'
import { listTokens } from '#app/identity/list-tokens.ts'
import { principalOf } from '#app/identity/principal-of.ts'
import { removeToken } from '#app/identity/remove-token.ts'
import { updateToken } from '#app/identity/update-token.ts'
import { updateUser } from '#app/identity/update-user.ts'
import { signIn } from '#app/identity/sign-in.ts'
import { DomainError } from '#domain/errors.ts'
import { may } from '#domain/principal.ts'
import type { Role } from '#domain/roles.ts'
import { insertEnvironment } from '#store/environment.ts'
import { insertProject } from '#store/project.ts'
import { pass, smallHouse } from '../small-house.ts'

const is = (code: string) => (error: unknown) => error instanceof DomainError && error.code === code

async function project(
  house: House,
  key: string,
): Promise<{ id: string; production: string; staging: string }> {
  const at = house.now()
  const id = house.newId()
  await insertProject(house.db, {
    id,
    key,
    name: key,
    kind: 'content',
    created_by: null,
    created_at: at,
    updated_at: at,
  })
  const environment = async (name: string) => {
    const row = {
      id: house.newId(),
      project_id: id,
      name,
      executor: 'content',
      created_at: at,
      updated_at: at,
    }
    const none = { tier: null, parent_id: null, created_by: null, updated_by: null }
    return (await insertEnvironment(house.db, { ...row, ...none }))?.id as string
  }
  return { id, production: await environment('production'), staging: await environment('staging') }
}

let users = 0
async function someone(ctx: Context, role: Role, project_id: string | null, agent = false): Promise<Context> {
  users += 1
  const user = await createUser(ctx, {
    email: `u${users}@example.com`,
    agent,
    grants: [{ project_id, role }],
  })
  const { secret } = await createToken(ctx, { kind: 'service', user_id: user.id, name: 'own', scopes: ['*'] })
  return asPrincipal(ctx, await principalOf(ctx, secret))
}

test('a token acts for its user, within its limits', async (t: TestContext) => {
  const { house, ctx } = await smallHouse(t)
  const shop = await project(house, 'shop')
  const ada = await someone(ctx, 'admin', null)
  const limits = { project_id: shop.id, environment_ids: [shop.staging], branches: ['main'] }
  const made = await createToken(ada, { kind: 'service', name: 'ci', scopes: ['release.*'], ...limits })
  const principal = await principalOf(house, made.secret)
  t.assert.equal(principal.user_id, ada.principal?.user_id)
  t.assert.ok(may(principal, 'release.edit', { project_id: shop.id, environment_id: shop.staging }))
  t.assert.ok(!may(principal, 'release.edit', { project_id: shop.id, environment_id: shop.production }))
  t.assert.ok(!may(principal, 'release.edit', { project_id: shop.id, branch: 'dev' }))
  t.assert.ok(!may(principal, 'deployment.request', { project_id: shop.id }))
  t.assert.ok(!may(principal, 'release.edit', { project_id: null }))
})

test('a delivery token reads what is live, and nothing else', async (t: TestContext) => {
  const { house, ctx } = await smallHouse(t)
  const shop = await project(house, 'shop')
  const site = { kind: 'delivery' as const, name: 'site', project_id: shop.id }
  await t.assert.rejects(createToken(ctx, site), is('invalid'))
  await t.assert.rejects(createToken(ctx, { ...site, environment_ids: [house.newId()] }), is('not_found'))
  const { secret } = await createToken(ctx, { ...site, environment_ids: [shop.production] })
  await t.assert.rejects(principalOf(house, secret), is('unauthenticated'))
  const principal = await principalOf(house, secret, ['delivery'])
  const at = { project_id: shop.id, environment_id: shop.production }
  t.assert.ok(may(principal, 'live.read', at))
  t.assert.ok(!may(principal, 'live.read', { ...at, environment_id: shop.staging }))
  t.assert.ok(!may(principal, 'release.read', at))
})

test('a token that expires, and one that is removed, open nothing', async (t: TestContext) => {
  const { house, ctx, clock } = await smallHouse(t)
  const ada = await someone(ctx, 'admin', null)
  const expires_at = new Date(clock.now.getTime() + 3_000)
  const short = await createToken(ada, { kind: 'service', name: 'short', scopes: ['*'], expires_at })
  const long = await createToken(ada, { kind: 'service', name: 'long', scopes: ['*'] })
  await principalOf(house, short.secret)
  pass(clock, 3)
  await t.assert.rejects(principalOf(house, short.secret), is('unauthenticated'))
  await principalOf(house, long.secret)
  await removeToken(ada, { token_id: long.token.id })
  await t.assert.rejects(principalOf(house, long.secret), is('unauthenticated'))
  await t.assert.rejects(removeToken(ada, { token_id: long.token.id }), is('not_found'))
})

test('a change made by another process is seen within five seconds', async (t: TestContext) => {
  const { house, ctx, clock } = await smallHouse(t)
  const ada = await someone(ctx, 'admin', null)
  const { secret, token } = await createToken(ada, { kind: 'service', name: 'ci', scopes: ['*'] })
  await principalOf(house, secret)
  await house.db.deleteFrom('token').where('id', '=', token.id).execute()
  await principalOf(house, secret)
  pass(clock, 5)
  await t.assert.rejects(principalOf(house, secret), is('unauthenticated'))
  forgetPrincipals(house)
})

test('nobody makes a token that can do more than they can', async (t: TestContext) => {
  const { house, ctx, clock } = await smallHouse(t)
  const [shop, other] = [await project(house, 'shop'), await project(house, 'other')]
  const root = await someone(ctx, 'admin', null)
  const owner = await someone(ctx, 'admin', shop.id)
  const releaser = await someone(ctx, 'releaser', shop.id)
  const agent = await someone(ctx, 'admin', null, true)
  const narrowed = async (limits: Partial<NewToken>) => {
    const made = await createToken(root, {
      kind: 'service',
      name: 'n',
      scopes: ['token.admin', 'release.read'],
      ...limits,
    })
    return asPrincipal(house, await principalOf(house, made.secret))
  }
  const all = { kind: 'service' as const, name: 'x', scopes: ['*'] }
  const inShop = { ...all, project_id: shop.id }
  const soon = new Date(clock.now.getTime() + 60_000)
  const refused: [string, Context, NewToken][] = [
    ['a releaser makes none', releaser, inShop],
    ['an admin of a project none for the instance', owner, all],
    ['nor for another project', owner, { ...inShop, project_id: other.id }],
    ['nor in the name of another', owner, { ...inShop, user_id: root.principal?.user_id }],
    ['a token no wider scopes', await narrowed({}), all],
    ['nor in a project', await narrowed({}), inShop],
    ['nor one action more', await narrowed({}), { ...all, scopes: ['release.read', 'release.edit'] }],
    ['nor beyond its project', await narrowed({ project_id: shop.id, scopes: ['*'] }), all],
    [
      'nor beyond its branches',
      await narrowed({ branches: ['dev'], scopes: ['*'] }),
      { ...all, branches: ['dev', 'main'] },
    ],
    ['nor without its branches', await narrowed({ branches: ['dev'], scopes: ['*'] }), all],
    [
      'nor beyond its environments',
      await narrowed({ project_id: shop.id, environment_ids: [shop.staging], scopes: ['*'] }),
      { ...inShop, environment_ids: [shop.staging, shop.production] },
    ],
    ['nor one that outlives it', await narrowed({ scopes: ['*'], expires_at: soon }), all],
    ['an agent none that approves', agent, { ...all, user_id: root.principal?.user_id }],
    ['not even one that belongs to nobody', agent, { ...inShop, user_id: null }],
  ]
  for (const [what, maker, input] of refused)
    await t.assert.rejects(createToken(maker, input), is('forbidden'), what)

  await createToken(owner, inShop)
  await createToken(owner, { ...inShop, name: 'nobody', user_id: null })
  await createToken(agent, { ...all, name: 'own' })
  await createToken(root, { ...all, name: 'for', user_id: owner.principal?.user_id })
  await createToken(await narrowed({}), { ...all, scopes: ['release.read'] })
  await createToken(await narrowed({ expires_at: soon }), {
    ...all,
    scopes: ['release.read'],
    expires_at: soon,
  })
})

test('nor changes one into such', async (t: TestContext) => {
  const { house, ctx } = await smallHouse(t)
  const shop = await project(house, 'shop')
  const owner = await someone(ctx, 'admin', shop.id)
  const root = await someone(ctx, 'admin', null)
  const one = { kind: 'service' as const, name: 'x', project_id: shop.id }
  const { token } = await createToken(root, { ...one, scopes: ['release.read'] })
  const mine = await createToken(owner, { ...one, name: 'mine', scopes: ['token.admin'] })
  const narrow = asPrincipal(house, await principalOf(house, mine.secret))
  await t.assert.rejects(updateToken(narrow, { token_id: token.id, scopes: ['*'] }), is('forbidden'))
  await t.assert.rejects(updateToken(narrow, { token_id: mine.token.id, scopes: ['*'] }), is('forbidden'))
  const renamed = await updateToken(owner, { token_id: token.id, name: 'y', scopes: ['*'] })
  t.assert.deepEqual([renamed.name, renamed.user_id], ['y', root.principal?.user_id])
  const elsewhere = await project(house, 'other')
  await t.assert.rejects(getToken(owner, { token_id: token.id, project_id: elsewhere.id }), is('forbidden'))
  await t.assert.rejects(getToken(root, { token_id: token.id, project_id: elsewhere.id }), is('not_found'))
  await t.assert.rejects(
    removeToken(owner, { token_id: root.principal?.token_id as string }),
    is('forbidden'),
  )
})

test('nobody becomes more by way of users', async (t: TestContext) => {
  const { house, ctx } = await smallHouse(t)
  const shop = await project(house, 'shop')
  const root = await someone(ctx, 'admin', null)
  const owner = await someone(ctx, 'admin', shop.id)
  const made = await createToken(root, { kind: 'service', name: 'n', scopes: ['user.admin', 'project.read'] })
  const narrow = asPrincipal(house, await principalOf(house, made.secret))
  const admin = [{ project_id: null, role: 'admin' as const }]
  const refused: [string, () => Promise<unknown>][] = [
    ['a project’s admin makes no user', () => createUser(owner, { email: 'a@example.com' })],
    ['a narrowed token no admin', () => createUser(narrow, { email: 'a@example.com', grants: admin })],
    [
      'nor sets an admin’s password',
      () => updateUser(narrow, { user_id: root.principal?.user_id as string, password: '12345678' }),
    ],
    [
      'nor disables one',
      () => updateUser(narrow, { user_id: root.principal?.user_id as string, disabled: true }),
    ],
    [
      'nor raises itself',
      () => updateUser(narrow, { user_id: owner.principal?.user_id as string, grants: admin }),
    ],
  ]
  for (const [what, attempt] of refused) await t.assert.rejects(attempt(), is('forbidden'), what)
  await createUser(narrow, { email: 'b@example.com', password: '12345678' })
})

test('the last admin stays one', async (t: TestContext) => {
  const { ctx } = await smallHouse(t)
  const admin = [{ project_id: null, role: 'admin' as const }]
  const [a, b] = [
    await createUser(ctx, { email: 'a@example.com', grants: admin }),
    await createUser(ctx, { email: 'b@example.com', grants: admin }),
  ]
  // Each would leave the other; both at once would leave nobody.
  const results = await Promise.allSettled([
    updateUser(ctx, { user_id: a.id, disabled: true }),
    updateUser(ctx, { user_id: b.id, grants: [] }),
  ])
  t.assert.deepEqual(results.map((result) => result.status).toSorted(), ['fulfilled', 'rejected'])
  const refusal = results.find((result) => result.status === 'rejected')
  t.assert.ok(is('not_possible_now')(refusal?.reason))
})

test('what no user and no token can be is refused, with the field', async (t: TestContext) => {
  const { house, ctx } = await smallHouse(t)
  const shop = await project(house, 'shop')
  const fields = async (attempt: Promise<unknown>) => {
    const error = await attempt.then(
      () => undefined,
      (thrown: unknown) => thrown as DomainError<'invalid'>,
    )
    return error?.code === 'invalid' ? error.details.faults.map(({ field }) => field) : error?.code
  }
  const bad = {
    email: 'no',
    name: 'n'.repeat(201),
    password: 'short',
    grants: [{ project_id: null, role: 'king' as Role }],
  }
  t.assert.deepEqual(await fields(createUser(ctx, bad)), ['email', 'name', 'password', 'grants.0.role'])
  t.assert.equal(
    await fields(createUser(ctx, { email: 'a@b.c', grants: [{ project_id: house.newId(), role: 'admin' }] })),
    'not_found',
  )
  await createUser(ctx, { email: 'a@b.c' })
  t.assert.equal(await fields(createUser(ctx, { email: 'A@B.C' })), 'already_exists')
  const token = { kind: 'service' as const, name: 'x', project_id: shop.id, scopes: ['*'] }
  t.assert.deepEqual(
    await fields(
      createToken(ctx, { ...token, name: ' ', scopes: ['release.fly', '*', 'x'], secret: 'with space' }),
    ),
    ['name', 'scopes.0', 'scopes.2', 'secret'],
  )
  t.assert.deepEqual(await fields(createToken(ctx, { ...token, scopes: [] })), ['scopes'])
  t.assert.deepEqual(await fields(createToken(ctx, { ...token, project_id: null })), ['project_id'])
  t.assert.equal(await fields(createToken(ctx, { ...token, user_id: house.newId() })), 'not_found')
  await createToken(ctx, { ...token, secret: 'a-fixed-secret' })
  t.assert.equal(await fields(createToken(ctx, { ...token, secret: 'a-fixed-secret' })), 'already_exists')
})

test('tokens are listed by project, sessions never', async (t: TestContext) => {
  const { house, ctx } = await smallHouse(t)
  const shop = await project(house, 'shop')
  await createUser(ctx, { email: 'a@example.com', password: '12345678' })
  const session = await signIn(house, { email: 'a@example.com', password: '12345678' })
  const ids: string[] = []
  for (const name of ['a', 'b', 'c'])
    ids.push((await createToken(ctx, { kind: 'service', name, project_id: shop.id, scopes: ['*'] })).token.id)
  const first = await listTokens(ctx, { project_id: shop.id, limit: 2 })
  t.assert.deepEqual([first.total, first.tokens.map((token) => token.id)], [3, ids.slice(0, 2)])
  const rest = await listTokens(ctx, { project_id: shop.id, limit: 2, after: ids[1] })
  t.assert.deepEqual(
    rest.tokens.map((token) => token.id),
    ids.slice(2),
  )
  t.assert.deepEqual((await listTokens(ctx, { project_id: null, limit: 10 })).total, 0)
  await t.assert.rejects(getToken(ctx, { token_id: session.token.id }), is('not_found'))
})

test('a declared token is made once, and follows its file', async (t: TestContext) => {
  const { house, ctx } = await smallHouse(t)
  const shop = await project(house, 'shop')
  const file = {
    kind: 'service' as const,
    name: 'ci',
    project_id: shop.id,
    scopes: ['*'],
    secret: 'secret-number-1',
  }
  const declare = (change: object = {}) =>
    transact(ctx, (unit) => declareTokenIn(ctx, unit, { ...file, ...change })).finally(() =>
      forgetPrincipals(house),
    )
  t.assert.equal(await declare(), 'created')
  t.assert.equal(await declare(), 'unchanged')
  t.assert.equal((await principalOf(house, 'secret-number-1')).user_id, null)
  t.assert.equal(await declare({ secret: 'secret-number-2' }), 'updated')
  await t.assert.rejects(principalOf(house, 'secret-number-1'), is('unauthenticated'))
  t.assert.equal(await declare({ secret: 'secret-number-2', scopes: ['release.*'] }), 'updated')
  t.assert.deepEqual((await principalOf(house, 'secret-number-2')).scopes, ['release.*'])
  t.assert.equal(await declare({ name: 'other', secret: 'secret-number-3' }), 'created')
  await t.assert.rejects(declare({ secret: 'secret-number-3' }), is('already_exists'))
  const events = await house.db
    .selectFrom('event')
    .select('kind')
    .where('kind', 'in', ['token.created', 'token.updated'])
    .execute()
  t.assert.equal(events.length, 4)
})
