import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { applyConfiguration } from '#app/configuration/apply-configuration.ts'
import type { ProjectPart } from '#app/configuration/project-part.ts'
import { asPrincipal, transact } from '#app/context.ts'
import { createToken } from '#app/identity/create-token.ts'
import { principalOf } from '#app/identity/principal-of.ts'
import type { Db } from '#store/database.ts'
import { removeEnvironment } from '#store/environment.ts'
import { removeToken } from '#store/token.ts'
import { ask } from '../engine/orders.ts'
import { sharedWarehouse } from '../engine/warehouse.ts'
import { answerOf, refusal } from './refusal.ts'

const warehouse = sharedWarehouse()

/** As the store says it when it gives a transaction up for another. */
async function clash(tx: Db, code: '40P01' | '40001'): Promise<void> {
  await sql.raw(`do $$ begin raise exception 'given up' using errcode = '${code}'; end $$`).execute(tx)
}

test('a unit that the store gives up is done again, and leaves one trace', async (t: TestContext) => {
  const { ctx } = await warehouse()
  const before = await ctx.db.selectFrom('event').select('id').execute()
  let attempts = 0
  const done = await transact(ctx, async ({ tx, record }) => {
    attempts += 1
    record({ kind: 'release.updated' })
    if (attempts < 3) await clash(tx, attempts === 1 ? '40P01' : '40001')
    return attempts
  })
  t.assert.strictEqual(done, 3)
  const after = await ctx.db.selectFrom('event').select('id').execute()
  t.assert.strictEqual(after.length - before.length, 1)

  attempts = 0
  const never = transact(ctx, ({ tx }) => {
    attempts += 1
    return clash(tx, '40P01')
  })
  await t.assert.rejects(never, { code: '40P01' })
  t.assert.strictEqual(attempts, 6, 'not for ever')
})

test('two units that wait for each other both come to their end', async (t: TestContext) => {
  const { ctx, environments } = await warehouse({ environments: 2 })
  const ids = environments.map(({ id }) => id)
  const touch = (order: string[]) =>
    transact(ctx, async ({ tx }) => {
      for (const id of order) {
        await tx.updateTable('environment').set({ tier: 'x' }).where('id', '=', id).execute()
        await sleep(100)
      }
    })
  t.assert.deepStrictEqual(
    await Promise.all([answerOf(() => touch(ids)), answerOf(() => touch(ids.toReversed()))]),
    ['done', 'done'],
  )
})

test('the diff of a file that is applied a second time tells each change once', async (t: TestContext) => {
  const { ctx } = await warehouse()
  let attempts = 0
  const part: ProjectPart = {
    kind: 'content',
    schema: {},
    apply: async ({ unit }) => {
      attempts += 1
      if (attempts === 1) await clash(unit.tx, '40P01')
      return []
    },
  }
  const text = 'projects: [{ key: books, kind: content }]'
  const file = { text, file: 'headgate.yaml', environment: {} }
  t.assert.deepStrictEqual(await applyConfiguration(ctx, [part], { ...file, dry_run: true }), [
    '+ project books',
  ])
  attempts = 0
  t.assert.deepStrictEqual(await applyConfiguration(ctx, [part], file), ['+ project books'])
  t.assert.strictEqual(attempts, 2)
})

test('a token that another process removed is one no more, also while it is remembered', async (t: TestContext) => {
  const house = await warehouse()
  const { ctx, project } = house
  const { token, secret } = await createToken(ctx, {
    ...{ kind: 'service', user_id: null, project_id: project.id, name: 'ci', scopes: ['*'] },
  })
  const ci = asPrincipal(house.house, await principalOf(house.house, secret))
  const release = await house.release({ a: '1' })
  t.assert.strictEqual(await answerOf(() => ask(house, release.id, {}, ci)), 'done')
  await removeToken(ctx.db, token.id)
  t.assert.deepStrictEqual(await refusal(() => ask(house, release.id, {}, ci), 'unauthenticated'), {
    credential: 'token',
  })
})

test('an environment that is removed meanwhile is not there', async (t: TestContext) => {
  const house = await warehouse()
  const { ctx, environment } = house
  const release = await house.release({ a: '1' })
  const removed = transact(ctx, async ({ tx }) => {
    await removeEnvironment(tx, environment.id)
    await sleep(300)
  })
  await sleep(100)
  const gone = { what: 'environment', id: environment.id }
  t.assert.deepStrictEqual(await refusal(() => ask(house, release.id), 'not_found'), gone)
  await removed
})

test('an environment stays while a deployment to it is being asked for', async (t: TestContext) => {
  const house = await warehouse()
  const { ctx, environment } = house
  const release = await house.release({ a: '1' })
  const slow = { ...house.as.releaser, enqueue: () => sleep(300) }
  const asked = ask(house, release.id, {}, slow)
  await sleep(100)
  await transact(ctx, ({ tx }) => removeEnvironment(tx, environment.id))
  t.assert.strictEqual((await asked).state, 'queued')
})

test('what refers to nothing any more is told by what it is', async (t: TestContext) => {
  const house = await warehouse()
  const { ctx } = house
  const nobody = ctx.newId()
  const made = transact(ctx, async ({ tx }) => {
    await tx
      .insertInto('role_grant')
      .values({
        ...{ user_id: house.as.viewer.principal!.user_id!, project_id: nobody, role: 'viewer' as const },
        created_at: ctx.now(),
      })
      .execute()
  })
  t.assert.deepStrictEqual(await refusal(() => made, 'not_found'), { what: 'project', id: nobody })
})
