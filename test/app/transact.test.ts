import { test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { transact } from '#app/context.ts'
import { insertExternalIds } from '#store/external-id.ts'
import { quietHouse } from '../engine/quiet-house.ts'
import { readEvents } from '../engine/event-log.ts'
import { hire } from '../engine/warehouse.ts'

test('rows, events and jobs of a unit are there together, or not at all', async (t: TestContext) => {
  const { ctx, clock } = await quietHouse(t)
  const who = await hire(ctx, 'releaser', null)
  const told: number[] = []
  const heard = { ...who, committed: () => void told.push(1) }
  const jobs = async () => {
    const { rows } = await sql<{
      name: string
      data: unknown
    }>`select name, data from job.job order by id`.execute(ctx.db)
    return rows.map(({ name, data }) => [name, data])
  }
  const rows = async () => (await ctx.db.selectFrom('external_id').select('external').execute()).length
  const environment_id = ctx.newId()
  const unit = (breaks: boolean) =>
    transact(heard, async ({ tx, record, wake }) => {
      record({ kind: 'release.updated', subject_id: environment_id, reason: 'because', data: { n: 1 } })
      record({ kind: 'release.locked' })
      wake({ name: 'run-environment', data: { environment_id } })
      await insertExternalIds(tx, [{ surface: 's', kind: 'k', external: 'x', internal: environment_id }])
      if (breaks) throw new Error('broke')
      return 42
    })

  await t.assert.rejects(unit(true), /broke/)
  t.assert.deepStrictEqual([await rows(), await jobs(), await readEvents(ctx), told], [0, [], [], []])
  const noQueue = { ...heard, enqueue: () => Promise.reject(new Error('no queue')) }
  await t.assert.rejects(
    transact(noQueue, async ({ record, wake }) => {
      record({ kind: 'release.locked' })
      wake({ name: 'admit-deployments', data: {} })
    }),
    /no queue/,
  )
  t.assert.deepStrictEqual([await jobs(), await readEvents(ctx), told], [[], [], []])

  t.assert.strictEqual(await unit(false), 42)
  t.assert.deepStrictEqual(
    [await rows(), await jobs(), told],
    [1, [['run-environment', { environment_id }]], [1]],
  )
  const { kind, user_id, token_id, name } = who.principal!
  const actor = { kind, user_id, token_id, name }
  t.assert.deepStrictEqual(
    (await readEvents(ctx)).map((event) => [
      event.kind,
      event.subject_id,
      event.reason,
      event.data,
      event.actor,
      event.at,
    ]),
    [
      ['release.updated', environment_id, 'because', { n: 1 }, actor, clock.now],
      ['release.locked', null, null, {}, actor, clock.now],
    ],
  )
})

test('what Headgate does by itself is told as its own', async (t: TestContext) => {
  const { ctx } = await quietHouse(t)
  await transact(ctx, async ({ record }) => record({ kind: 'release.locked' }))
  const [event] = await readEvents(ctx)
  t.assert.deepStrictEqual(event?.actor, { kind: 'system', user_id: null, token_id: null, name: 'headgate' })
})
