import { test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { pruneLogs } from '#app/retention/prune-logs.ts'
import type { Context } from '#app/context.ts'
import { project } from '../../identity/people.ts'
import { pass, smallHouse } from '../../small-house.ts'

const day = 24 * 3600

/** A run that ended at a time, with a log whose text lies in a blob. */
async function loggedRun(
  ctx: Context,
  project_id: string,
  ended: Date | null,
  text: string,
): Promise<string> {
  const { digest } = await ctx.blobs.put([Buffer.from(text)])
  const id = ctx.newId()
  await sql`
    insert into run (id, project_id, kind, executor, settings, input, state, cause, requested_at, finished_at)
    values (${id}, ${project_id}, 'check', 'command', '{}', '{}', ${ended ? 'succeeded' : 'running'}, 'request',
      ${ctx.now()}, ${ended})
  `.execute(ctx.db)
  await sql`insert into log (id, run_id, lines, bytes, blob_digest, blob_lines) values (${id}, ${id}, 1, 5, ${digest}, 1)`.execute(
    ctx.db,
  )
  await sql`insert into log_line (log_id, position, at, stream, text) values (${id}, 1, ${ctx.now()}, 'stdout', 'x')`.execute(
    ctx.db,
  )
  return digest
}

test('logs of what ended before the policy’s days go with their blobs, and nothing that is still named', async (t: TestContext) => {
  const { house, ctx, clock } = await smallHouse(t)
  const { id } = await project(house, 'shop')
  const ended = ctx.now()
  const old = await loggedRun(ctx, id, ended, 'old')
  const shared = await loggedRun(ctx, id, ended, 'said twice')
  const running = await loggedRun(ctx, id, null, 'running')
  pass(clock, 20 * day)
  await loggedRun(ctx, id, ctx.now(), 'said twice')
  const recent = await loggedRun(ctx, id, ctx.now(), 'recent')
  pass(clock, 11 * day)

  t.assert.equal(await pruneLogs(ctx, 30), 2)
  const has = (digest: string) => ctx.blobs.has(digest)
  t.assert.equal(await has(old), false)
  for (const digest of [shared, running, recent]) t.assert.equal(await has(digest), true)
  const runs = await ctx.db.selectFrom('run').select('id').execute()
  t.assert.equal(runs.length, 5, 'what ran is still known')
  const lines = await ctx.db.selectFrom('log_line').select('log_id').execute()
  t.assert.equal(lines.length, 3)
  t.assert.equal(await pruneLogs(ctx, 30), 0)
})
