import { test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { runningStates, states } from '#domain/lifecycle.ts'
import { violatedConstraint } from '#store/violated-constraint.ts'
import { ask } from './orders.ts'
import { warehouse } from './warehouse.ts'

/** The quoted words of a definition in the catalog. */
const words = (definition: string) => [...definition.matchAll(/'([a-z_]+)'/g)].map(([, word]) => word!)

test('the table takes the states of the lifecycle, and no others', async (t: TestContext) => {
  const { ctx } = await warehouse(t)
  const { rows } = await sql<{ definition: string }>`
    select pg_get_constraintdef(k.oid) as definition from pg_constraint k
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any (k.conkey)
    where k.conrelid = 'deployment'::regclass and k.contype = 'c' and a.attname = 'state'`.execute(ctx.db)
  t.assert.strictEqual(rows.length, 1)
  t.assert.deepStrictEqual(words(rows[0]?.definition ?? '').toSorted(), states.toSorted())
})

test('the index that lets one run holds the running states', async (t: TestContext) => {
  const { ctx } = await warehouse(t)
  const { rows } = await sql<{ definition: string; key: string; unique: boolean }>`
    select pg_get_expr(i.indpred, i.indrelid) as definition, pg_get_indexdef(i.indexrelid, 1, true) as key,
      i.indisunique as unique
    from pg_index i where i.indexrelid = 'deployment_one_running'::regclass`.execute(ctx.db)
  t.assert.strictEqual(rows[0]?.key, 'environment_id')
  t.assert.strictEqual(rows[0].unique, true)
  const [inStates = '', driver = ''] = rows[0].definition.split(' AND ')
  t.assert.deepStrictEqual(words(inStates).toSorted(), runningStates.toSorted())
  t.assert.match(driver, /driver <> 'caller'/)
})

test('the store itself refuses a second one, in whichever states, unless a caller drives it', async (t: TestContext) => {
  const house = await warehouse(t, { environments: 2 })
  const release = await house.release({ a: '1' })
  const [one, two] = [await ask(house, release.id), await ask(house, release.id)]
  const elsewhere = await ask(house, release.id, { environment_ids: [house.environments[1]!.id] })
  const put = (id: string, state: (typeof states)[number]) =>
    house.ctx.db.updateTable('deployment').set({ state }).where('id', '=', id).execute()
  for (const first of runningStates) {
    await put(one.id, first)
    await put(elsewhere.id, first)
    for (const state of states) {
      const refused = await put(two.id, state).then(() => undefined, violatedConstraint)
      const running = (runningStates as readonly string[]).includes(state)
      t.assert.strictEqual(
        refused?.constraint,
        running ? 'deployment_one_running' : undefined,
        `${first} ${state}`,
      )
    }
  }
  await house.ctx.db.updateTable('deployment').set({ driver: 'caller' }).where('id', '=', two.id).execute()
  for (const state of runningStates) await put(two.id, state)
})
