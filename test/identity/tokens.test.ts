import { test, type TestContext } from 'node:test'
import { transact } from '#app/context.ts'
import { createToken } from '#app/identity/create-token.ts'
import { createUser } from '#app/identity/create-user.ts'
import { declareTokenIn } from '#app/identity/declare-token.ts'
import { getToken } from '#app/identity/get-token.ts'
import { listTokens } from '#app/identity/list-tokens.ts'
import { principalOf } from '#app/identity/principal-of.ts'
import { removeToken } from '#app/identity/remove-token.ts'
import { updateUser } from '#app/identity/update-user.ts'
import { signIn } from '#app/identity/sign-in.ts'
import type { DomainError } from '#domain/errors.ts'
import { may } from '#domain/principal.ts'
import type { Role } from '#domain/roles.ts'
import { pass, smallHouse } from '../small-house.ts'
import { is, project, someone } from './people.ts'

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

test('a process that hears of no changes sees one made by another within five seconds', async (t: TestContext) => {
  const { house, ctx, clock } = await smallHouse(t)
  const ada = await someone(ctx, 'admin', null)
  const { secret, token } = await createToken(ada, { kind: 'service', name: 'ci', scopes: ['*'] })
  await principalOf(house, secret)
  await house.db.deleteFrom('token').where('id', '=', token.id).execute()
  await principalOf(house, secret)
  pass(clock, 5)
  await t.assert.rejects(principalOf(house, secret), is('unauthenticated'))
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
    transact(ctx, (unit) => declareTokenIn(ctx, unit, { ...file, ...change }))
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
