import { test, type TestContext } from 'node:test'
import { buffer } from 'node:stream/consumers'
import type { Context } from '#app/context.ts'
import { readState } from '#app/state/read-state.ts'
import { writeState } from '#app/state/write-state.ts'
import { project } from '../../identity/people.ts'
import { smallHouse } from '../../small-house.ts'

const stateOf = (serial: number) => Buffer.from(JSON.stringify({ version: 4, serial, lineage: 'l' }))

/** A process that ends at some point on the way, as far as the others can see. */
const dying = (ctx: Context, where: Partial<Context>): Context => ({ ...ctx, ...where })
const died = () => {
  throw new Error('the process died')
}

test('wherever a process dies while it writes, the state is the one before or the new one, and is there', async (t: TestContext) => {
  const { house, ctx } = await smallHouse(t)
  const { id: project_id, production: id } = await project(house, 'platform')
  const caller = { ctx, environment: { id, project_id, name: 'production' }, own: null }
  const write = (as: Context, serial: number) =>
    writeState({ ...caller, ctx: as }, { bytes: stateOf(serial), lock_id: undefined })
  const read = async () => JSON.parse(String(await readState(caller))) as { serial: number }
  await write(ctx, 1)

  // Before its bytes are kept.
  const noRoom = { ...ctx.blobs, put: died as unknown as Context['blobs']['put'] }
  await t.assert.rejects(write(dying(ctx, { blobs: noRoom }), 2), /died/)
  t.assert.equal((await read()).serial, 1)

  // After its bytes are kept, and before its rows are: they are rolled back together.
  await t.assert.rejects(write(dying(ctx, { newId: died }), 2), /died/)
  t.assert.equal((await read()).serial, 1)

  // After its rows: the answer is lost, Terraform asks again, and it is written once.
  await t.assert.rejects(write(dying(ctx, { committed: died }), 2), /died/)
  t.assert.equal((await read()).serial, 2)
  t.assert.deepEqual(await write(ctx, 2), { written: true, version: 2 })

  const rows = await ctx.db.selectFrom('infra_state_version').select('blob_digest').execute()
  t.assert.equal(rows.length, 2)
  for (const { blob_digest } of rows)
    t.assert.ok((await buffer(await ctx.blobs.open(blob_digest!))).length > 0)
})
