import { sql } from 'kysely'
import { test, type TestContext } from 'node:test'
import { keepSealed } from '#app/blobs/keep-sealed.ts'
import { removeUnusedBlobs } from '#app/blobs/remove-unused-blobs.ts'
import type { Context } from '#app/context.ts'
import { removeEnvironment } from '#app/environments/remove-environment.ts'
import { keepModules } from '#app/infra/keep-sources.ts'
import { removeProject } from '#app/projects/remove-project.ts'
import { pruneKeptPlans } from '#app/retention/prune-kept-plans.ts'
import { pruneModules } from '#app/retention/prune-modules.ts'
import { writeState } from '#app/state/write-state.ts'
import type { Module } from '#catalogue/infra/blueprint.ts'
import type { ResourceContent } from '#domain/blueprint.ts'
import { insertInfraModules } from '#store/infra-module.ts'
import { insertInfraResources } from '#store/infra-resource.ts'
import { project } from '../../identity/people.ts'
import { pass, smallHouse } from '../../small-house.ts'

/** Everything that a row of infrastructure may name among the blobs, in one environment; and by what it is. */
async function everything(ctx: Context, project_id: string, environment_id: string) {
  const at = ctx.now()
  const keep = (text: string) => keepSealed(ctx, Buffer.from(`${environment_id} ${text}`), 'a test')
  const environment = { id: environment_id, project_id, name: 'x' }
  const stateOf = async (serial: number) => {
    const bytes = Buffer.from(JSON.stringify({ version: 4, serial, lineage: 'l' }))
    await writeState({ ctx, environment, own: null }, { bytes, lock_id: undefined })
    const query = ctx.db.selectFrom('infra_state').select('blob_digest')
    return (await query.where('environment_id', '=', environment_id).executeTakeFirstOrThrow()).blob_digest!
  }
  const blobs = {
    before: await stateOf(1),
    state: await stateOf(2),
    plan: await keep('plan'),
    module: await keep('module'),
    hook: await keep('hook'),
  }
  const [release, revision, deployment] = [ctx.newId(), ctx.newId(), ctx.newId()]
  await sql`insert into release (id, project_id, name, created_at, updated_at)
    values (${release}, ${project_id}, ${release}, ${at}, ${at})`.execute(ctx.db)
  await sql`insert into revision (id, project_id, release_id, number, digest, scope, items, item_count, created_at)
    values (${revision}, ${project_id}, ${release}, 1, ${revision}, 'whole_state', '[]', 0, ${at})`.execute(
    ctx.db,
  )
  await sql`insert into infra_snapshot (revision_id, blueprint_digest, modules_digest, hook, created_at)
    values (${revision}, 'b', 'm', ${JSON.stringify({ name: 'h.sh', blob: blobs.hook })}::jsonb, ${at})`.execute(
    ctx.db,
  )
  await sql`insert into infra_module (digest, intent, flavor, module_version, contract, blob_digest, created_at,
      used_at)
    values (${blobs.module}, 'i', 'f', '1', '{}', ${blobs.module}, ${at}, ${at})`.execute(ctx.db)
  await sql`insert into deployment (id, request_id, project_id, environment_id, release_id, revision_id, state, driver,
      on_item_failure, when_busy, when_shut, misfire, requested_at, finished_at)
    values (${deployment}, ${deployment}, ${project_id}, ${environment_id}, ${release}, ${revision}, 'planned',
      'engine', 'stop', 'wait', 'wait', '{"policy":"run"}', ${at}, ${at})`.execute(ctx.db)
  await sql`insert into plan (id, environment_id, revision_id, deployment_id, digest, changes, kept, created_at)
    values (${ctx.newId()}, ${environment_id}, ${revision}, ${deployment}, 'd', '[]',
      ${JSON.stringify({ blob: blobs.plan, state_version: 2 })}::jsonb, ${at})`.execute(ctx.db)
  return blobs
}

type Blobs = Awaited<ReturnType<typeof everything>>

const leftOf = async (ctx: Context, blobs: Blobs) => {
  const left: string[] = []
  for (const [what, digest] of Object.entries(blobs)) if (await ctx.blobs.has(digest)) left.push(what)
  return left
}

test('no blob goes that a state, a plan, a module or a hook is in', async (t: TestContext) => {
  const { house, ctx } = await smallHouse(t)
  const { id, production } = await project(house, 'platform')
  const blobs = await everything(ctx, id, production)
  const stray = await keepSealed(ctx, Buffer.from('stray'), 'a test')
  await removeUnusedBlobs(ctx, [...Object.values(blobs), stray])
  t.assert.deepEqual(await leftOf(ctx, blobs), Object.keys(blobs))
  t.assert.equal(await ctx.blobs.has(stray), false)
})

test('what is secret of an environment goes with it, and with its project', async (t: TestContext) => {
  const { house, ctx } = await smallHouse(t)
  const { id: project_id, production, staging } = await project(house, 'platform')
  const [first, second] = [
    await everything(ctx, project_id, production),
    await everything(ctx, project_id, staging),
  ]
  await removeEnvironment(ctx, { project_id, environment_id: production })
  t.assert.deepEqual(await leftOf(ctx, first), ['module', 'hook'])
  t.assert.deepEqual(await leftOf(ctx, second), Object.keys(second))
  await removeProject(ctx, { project_id })
  t.assert.deepEqual(await leftOf(ctx, second), ['module', 'hook'])
})

test('what was kept of a plan goes 30 days after its deployment ended, unless somebody waits to deploy it', async (t: TestContext) => {
  const { house, ctx, clock } = await smallHouse(t)
  const { id, production, staging } = await project(house, 'platform')
  const [old, wanted] = [await everything(ctx, id, production), await everything(ctx, id, staging)]
  const plan = await ctx.db
    .selectFrom('plan')
    .selectAll()
    .where('environment_id', '=', staging)
    .executeTakeFirstOrThrow()
  await sql`insert into deployment (id, request_id, project_id, environment_id, release_id, revision_id, state, driver,
      on_item_failure, when_busy, when_shut, misfire, requested_at, deploys_plan)
    select ${ctx.newId()}, request_id, project_id, environment_id, release_id, revision_id, 'queued', driver,
      on_item_failure, when_busy, when_shut, misfire, requested_at, ${plan.id} from deployment where id = ${plan.deployment_id}
    `.execute(ctx.db)
  pass(clock, 29 * 86_400)
  t.assert.equal(await pruneKeptPlans(ctx), 0)
  pass(clock, 2 * 86_400)
  t.assert.equal(await pruneKeptPlans(ctx), 1)
  t.assert.deepEqual(await leftOf(ctx, old), ['before', 'state', 'module', 'hook'])
  t.assert.deepEqual(await leftOf(ctx, wanted), Object.keys(wanted))
})

test('a module goes 30 days after a release took it last, unless a resource names it', async (t: TestContext) => {
  const { house, ctx, clock } = await smallHouse(t)
  const { id: project_id } = await project(house, 'platform')
  const contract = { intent: 'service', flavor: 'default', version: '1' }
  const made = (digest: string, text = digest) =>
    ({ digest, contract, files: new Map([['main.tf', Buffer.from(text)]]) }) as unknown as Module
  const modules = { digest: '', modules: [made('old'), made('named'), made('again'), made('beside', 'old')] }
  const take = async (...wanted: string[]) => {
    const contents = wanted.map((module) => ({ module }) as ResourceContent)
    const kept = await keepModules(ctx, ctx.db, { modules: modules as never }, contents)
    await insertInfraModules(ctx.db, ctx.now(), kept)
    return kept
  }
  const there = async () => {
    const query = ctx.db.selectFrom('infra_module').select(['digest', 'blob_digest']).orderBy('digest')
    const rows = await query.execute()
    for (const { digest, blob_digest } of rows) t.assert.ok(await ctx.blobs.has(blob_digest), digest)
    return rows.map(({ digest }) => digest)
  }
  const [old, , again] = await take('old', 'named', 'again')
  t.assert.deepEqual(await take('old', 'named', 'again'), [], 'nothing is written twice on a day')
  const content = {} as ResourceContent
  await insertInfraResources(ctx.db, { project_id, created_at: ctx.now() }, [
    { version: 'v', item_key: 'service/a', module_digest: 'named', content },
  ])
  pass(clock, 29 * 86_400)
  t.assert.equal(await pruneModules(ctx), 0)
  // As if its files had gone when we died.
  await ctx.blobs.remove(again!.blob_digest)
  await take('again')
  pass(clock, 2 * 86_400)
  t.assert.equal(await pruneModules(ctx), 1)
  t.assert.deepEqual(await there(), ['again', 'named'])
  t.assert.equal(await ctx.blobs.has(old!.blob_digest), false)

  // One that is taken keeps the files that it has in common with another, and the other one meanwhile.
  await take('old')
  pass(clock, 31 * 86_400)
  await take('beside')
  await removeProject(ctx, { project_id })
  t.assert.equal(await pruneModules(ctx), 2)
  t.assert.deepEqual(await there(), ['beside', 'old'])
  await ctx.db
    .updateTable('infra_module')
    .set({ used_at: new Date(0) })
    .where('digest', '=', 'old')
    .execute()
  t.assert.equal(await pruneModules(ctx), 1)
  t.assert.deepEqual(await there(), ['beside'])
})
