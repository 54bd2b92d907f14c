import { test, type TestContext } from 'node:test'
import { asPrincipal } from '#app/context.ts'
import { createUser } from '#app/identity/create-user.ts'
import { currentUser } from '#app/identity/current-user.ts'
import { principalByBasic, readBasic } from '#app/identity/principal-by-basic.ts'
import { principalOf } from '#app/identity/principal-of.ts'
import { signIn } from '#app/identity/sign-in.ts'
import { signOut } from '#app/identity/sign-out.ts'
import { updateUser } from '#app/identity/update-user.ts'
import { createToken } from '#app/identity/create-token.ts'
import { DomainError } from '#domain/errors.ts'
import { pass, smallHouse } from '../small-house.ts'

const email = 'ada@example.com'
const password = 'correct horse'
const admin = [{ project_id: null, role: 'admin' as const }]

const says = (code: string, details?: object) => (error: unknown) =>
  error instanceof DomainError &&
  error.code === code &&
  (!details || JSON.stringify(error.details) === JSON.stringify(details))

test('a session is opened by the right password, and ends', async (t: TestContext) => {
  const { house, ctx } = await smallHouse(t)
  await createUser(ctx, { email, password, grants: admin })
  const wrong = says('unauthenticated', { credential: 'password' })
  await t.assert.rejects(signIn(house, { email, password: 'correct hors' }), wrong)
  await t.assert.rejects(signIn(house, { email: 'eve@example.com', password }), wrong)
  await t.assert.rejects(signIn(house, { email, password: 'x'.repeat(1_000_000) }), wrong)

  const session = await signIn(house, { email: 'ADA@Example.com', password })
  t.assert.match(session.secret, /^hg_[0-9a-f]{48}$/)
  const principal = await principalOf(house, session.secret)
  t.assert.deepEqual([principal.kind, principal.name, principal.scopes], ['user', email, ['*']])
  t.assert.equal((await currentUser(asPrincipal(house, principal))).email, email)

  await signOut(asPrincipal(house, principal))
  await t.assert.rejects(principalOf(house, session.secret), says('unauthenticated', { credential: 'token' }))
  const kinds = await house.db.selectFrom('event').select('kind').orderBy('ordinal').execute()
  t.assert.deepEqual(
    kinds.map((event) => event.kind),
    ['user.created', 'user.signed_in', 'user.signed_out'],
  )
})

test('the form of a secret is the door’s', async (t: TestContext) => {
  const { house, ctx } = await smallHouse(t)
  await createUser(ctx, { email, password })
  const { secret } = await signIn(house, { email, password, secret_shape: { prefix: 'blt', hex_digits: 16 } })
  t.assert.match(secret, /^blt[0-9a-f]{16}$/)
  const guessable = signIn(house, { email, password, secret_shape: { prefix: '', hex_digits: 8 } })
  await t.assert.rejects(guessable, RangeError)
})

test('no secret and no password is stored', async (t: TestContext) => {
  const { house, ctx } = await smallHouse(t)
  await createUser(ctx, { email, password })
  const { secret } = await signIn(house, { email, password })
  for (const table of ['user', 'token', 'event'] as const) {
    const text = JSON.stringify(await house.db.selectFrom(table).selectAll().execute())
    t.assert.ok(!text.includes(secret) && !text.includes(password), table)
  }
})

test('twenty sessions a user, and the oldest goes', async (t: TestContext) => {
  const { house, ctx } = await smallHouse(t)
  const user = await createUser(ctx, { email, password })
  const secrets: string[] = []
  for (let n = 0; n < 22; n += 1) secrets.push((await signIn(house, { email, password })).secret)
  const open = await Promise.allSettled(secrets.map((secret) => principalOf(house, secret)))
  t.assert.deepEqual(
    open.map((result) => result.status === 'fulfilled'),
    secrets.map((_, index) => index >= 2),
  )
  const { token } = await createToken(ctx, { kind: 'service', user_id: user.id, name: 'ci', scopes: ['*'] })
  t.assert.equal(token.kind, 'service')
})

test('a new password ends sessions, and being disabled ends everything', async (t: TestContext) => {
  const { house, ctx } = await smallHouse(t)
  const user = await createUser(ctx, { email, password })
  const token = await createToken(ctx, { kind: 'service', user_id: user.id, name: 'ci', scopes: ['*'] })
  const session = await signIn(house, { email, password })
  await principalOf(house, session.secret)
  await principalByBasic(house, { user: email, password })

  await updateUser(ctx, { user_id: user.id, password: 'another horse' })
  await t.assert.rejects(principalOf(house, session.secret), says('unauthenticated'))
  await t.assert.rejects(principalByBasic(house, { user: email, password }), says('unauthenticated'))
  await principalByBasic(house, { user: email, password: 'another horse' })
  await principalOf(house, token.secret)

  await updateUser(ctx, { user_id: user.id, disabled: true })
  await t.assert.rejects(principalOf(house, token.secret), says('unauthenticated'))
  await t.assert.rejects(signIn(house, { email, password: 'another horse' }), says('unauthenticated'))
  await t.assert.rejects(
    principalByBasic(house, { user: email, password: 'another horse' }),
    says('unauthenticated'),
  )
})

test('wrong passwords are counted by e-mail address and by the minute', async (t: TestContext) => {
  const { house, ctx, clock } = await smallHouse(t)
  await createUser(ctx, { email, password })
  await createUser(ctx, { email: 'bob@example.com', password })
  await principalByBasic(house, { user: email, password })
  const tries = Array.from({ length: 14 }, () => signIn(house, { email, password: 'guess' }))
  const codes = (await Promise.allSettled(tries)).map((result) =>
    result.status === 'rejected' ? (result.reason as DomainError).code : 'in',
  )
  t.assert.deepEqual(
    [
      codes.filter((code) => code === 'unauthenticated').length,
      codes.filter((code) => code === 'throttled').length,
    ],
    [10, 4],
  )
  pass(clock, 20)
  await t.assert.rejects(signIn(house, { email, password }), says('throttled', { retry_after_seconds: 40 }))
  await signIn(house, { email: 'bob@example.com', password })
  await principalByBasic(house, { user: email, password }) // remembered for a minute
  pass(clock, 40)
  await signIn(house, { email, password })
})

test('wrong passwords are counted for all together', async (t: TestContext) => {
  const { house, ctx, clock } = await smallHouse(t)
  await createUser(ctx, { email, password })
  // Addresses that nobody has cost as much, and count as much.
  for (let round = 0; round < 20; round += 1) {
    await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) => signIn(house, { email: `n${round}-${n}@example.com`, password })),
    )
  }
  await t.assert.rejects(signIn(house, { email, password }), says('throttled'))
  pass(clock, 61)
  await signIn(house, { email, password })
})

test('an unknown user takes as long as a wrong password', async (t: TestContext) => {
  const { house, ctx } = await smallHouse(t)
  await createUser(ctx, { email, password })
  await createUser(ctx, { email: 'nopassword@example.com' })
  const timeOf = async (who: string) => {
    const times: number[] = []
    for (let n = 0; n < 5; n += 1) {
      const start = performance.now()
      await signIn(house, { email: who, password: 'guess' }).catch(() => {})
      times.push(performance.now() - start)
    }
    return times.toSorted((a, b) => a - b)[2] as number
  }
  const known = await timeOf(email)
  for (const who of ['nobody@example.com', 'nopassword@example.com'])
    t.assert.ok((await timeOf(who)) > known / 3, who)
})

test('Basic takes a token as its password, else the password, remembered for a minute', async (t: TestContext) => {
  const { house, ctx, clock } = await smallHouse(t)
  const user = await createUser(ctx, { email, password, grants: admin })
  const { secret } = await createToken(ctx, {
    kind: 'service',
    user_id: user.id,
    name: 'ci',
    scopes: ['release.*'],
  })
  t.assert.deepEqual((await principalByBasic(house, { user: 'whoever', password: secret })).scopes, [
    'release.*',
  ])

  const first = performance.now()
  const principal = await principalByBasic(house, { user: email, password })
  const slow = performance.now() - first
  t.assert.deepEqual([principal.kind, principal.token_id, principal.grants], ['user', null, admin])
  const second = performance.now()
  await principalByBasic(house, { user: email.toUpperCase(), password })
  t.assert.ok(performance.now() - second < slow / 2)
  // A right that is taken away is gone at once, remembered or not.
  await createUser(ctx, { email: 'root@example.com', grants: admin })
  await updateUser(ctx, { user_id: user.id, grants: [{ project_id: null, role: 'viewer' }] })
  t.assert.equal((await principalByBasic(house, { user: email, password })).grants[0]?.role, 'viewer')
  pass(clock, 61)
  await principalByBasic(house, { user: email, password })
})

test('Basic headers are read as they are written', (t: TestContext) => {
  const encode = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
  t.assert.deepEqual(readBasic(encode('ada:a:b')), { user: 'ada', password: 'a:b' })
  t.assert.deepEqual(readBasic(encode(':x')), { user: '', password: 'x' })
  t.assert.deepEqual(readBasic(encode('ä:ü').replace('Basic', 'BASIC')), { user: 'ä', password: 'ü' })
  for (const bad of ['Bearer x', 'Basic', 'Basic !!!', encode('nocolon'), encode('a:\0b')])
    t.assert.equal(readBasic(bad), undefined, bad)
})
