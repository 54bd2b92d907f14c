import { test, type TestContext } from 'node:test'
import { createUser } from '#app/identity/create-user.ts'
import { signIn } from '#app/identity/sign-in.ts'
import { updateUser } from '#app/identity/update-user.ts'
import { ask } from '../engine/orders.ts'
import { warehouse } from '../engine/warehouse.ts'

test('the lock that a deployment leaves is told once', async (t: TestContext) => {
  const house = await warehouse(t)
  const { ctx, project } = house
  const release = await house.release({ a: '1' })
  const first = await ask(house, release.id, { lock_release: true })
  await ask(house, release.id, { lock_release: true })
  const told = await ctx.db.selectFrom('event').selectAll().where('kind', '=', 'release.locked').execute()
  t.assert.deepStrictEqual(
    told.map(({ subject_id, project_id, data }) => [subject_id, project_id, data]),
    [[release.id, project.id, { by: 'deployment', request_id: first.request_id }]],
  )
})

test('sessions that end by themselves are told with why', async (t: TestContext) => {
  const { ctx, house } = await warehouse(t)
  const email = 'ada@example.com'
  const { id } = await createUser(ctx, { email, password: 'correct horse' })
  const open = async (times: number) => {
    for (let n = 0; n < times; n += 1) await signIn(house, { email, password: 'correct horse' })
  }
  const told = async () => {
    const rows = await ctx.db
      .selectFrom('event')
      .selectAll()
      .where('kind', '=', 'user.sessions_ended')
      .orderBy('ordinal')
      .execute()
    return rows.map(({ subject_id, data }) => [
      subject_id === id,
      (data.session_ids as string[]).length,
      data.because,
    ])
  }
  await open(20)
  t.assert.deepStrictEqual(await told(), [])
  await open(1)
  await updateUser(ctx, { user_id: id, password: 'correct horse' })
  await updateUser(ctx, { user_id: id, password: 'correct horse' })
  await open(2)
  await updateUser(ctx, { user_id: id, disabled: true })
  t.assert.deepStrictEqual(await told(), [
    [true, 1, 'newer sessions'],
    [true, 20, 'password changed'],
    [true, 2, 'disabled'],
  ])
})
