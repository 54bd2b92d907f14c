import { test, type TestContext } from 'node:test'
import { asPrincipal, type Context } from '#app/context.ts'
import { createToken, type NewToken } from '#app/identity/create-token.ts'
import { createUser } from '#app/identity/create-user.ts'
import { getToken } from '#app/identity/get-token.ts'
import { principalOf } from '#app/identity/principal-of.ts'
import { removeToken } from '#app/identity/remove-token.ts'
import { updateToken } from '#app/identity/update-token.ts'
import { updateUser } from '#app/identity/update-user.ts'
import { smallHouse } from '../small-house.ts'
import { is, project, someone } from './people.ts'

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
