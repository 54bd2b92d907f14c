import { test, type TestContext } from 'node:test'
import { asPrincipal } from '#app/context.ts'
import { createProject } from '#app/projects/create-project.ts'
import { getProject, getProjectByKey } from '#app/projects/get-project.ts'
import { listProjects } from '#app/projects/list-projects.ts'
import { removeProject } from '#app/projects/remove-project.ts'
import { updateProject } from '#app/projects/update-project.ts'
import type { Principal } from '#domain/principal.ts'
import { pass } from '../../engine/quiet-house.ts'
import { readEvents } from '../../engine/event-log.ts'
import { ask, run } from '../../engine/orders.ts'
import { shelfExecutor } from '../../engine/shelf-executor.ts'
import { hire, warehouse } from '../../engine/warehouse.ts'
import { smallHouse } from '../../small-house.ts'
import { answerOf, refusal } from '../refusal.ts'

test('a project is made, read, changed and listed', async (t: TestContext) => {
  const { ctx, clock } = await smallHouse(t)
  const admin = await hire(ctx, 'admin', null)
  const made = await createProject(admin, { name: 'Web Site', kind: 'content', annotations: { 'x/y': [1] } })
  t.assert.deepStrictEqual(made, {
    id: made.id,
    key: 'web-site',
    name: 'Web Site',
    kind: 'content',
    annotations: { 'x/y': [1] },
    version: 1,
    created_by: admin.principal?.user_id,
    created_at: clock.now,
    updated_at: clock.now,
  })
  t.assert.deepStrictEqual(await getProject(admin, { project_id: made.id }), made)
  t.assert.deepStrictEqual(await getProjectByKey(admin, { key: 'web-site' }), made)
  pass(clock, 60)
  const renamed = await updateProject(admin, { project_id: made.id, name: 'Shop' })
  t.assert.deepStrictEqual(renamed, { ...made, name: 'Shop', version: 2, updated_at: clock.now })
  const noted = await updateProject(admin, { project_id: made.id, annotations: {} })
  t.assert.deepStrictEqual([noted.name, noted.annotations, noted.key], ['Shop', {}, 'web-site'])
  t.assert.deepStrictEqual(
    (await readEvents(ctx)).map(({ kind, project_id, actor, data }) => [kind, project_id, actor.name, data]),
    [
      ['project.created', made.id, admin.principal?.name, { key: 'web-site', kind: 'content' }],
      ['project.updated', made.id, admin.principal?.name, { name: 'Shop' }],
      ['project.updated', made.id, admin.principal?.name, { name: 'Shop' }],
    ],
  )
})

test('a key is made from any name, and given once', async (t: TestContext) => {
  const { ctx } = await smallHouse(t)
  const keyOf = async (name: string, key?: string) =>
    (await createProject(ctx, { name, kind: 'content', ...(key ? { key } : {}) })).key
  t.assert.strictEqual(await keyOf('Café  Zürich!'), 'cafe-zurich')
  t.assert.strictEqual(await keyOf('--- '), 'project')
  t.assert.strictEqual(await keyOf('日本'), 'project-2')
  t.assert.strictEqual(await keyOf(`${'a'.repeat(59)} b`), 'a'.repeat(59), 'not ending in a dash')
  t.assert.strictEqual(await keyOf('x', 'Any_Key!'), 'Any_Key!')
  const taken = { name: 'x', kind: 'content', key: 'Any_Key!' } as const
  t.assert.deepStrictEqual(await refusal(() => createProject(ctx, taken), 'already_exists'), {
    what: 'project',
    id: 'Any_Key!',
  })
  const keys = await Promise.all(Array.from({ length: 5 }, () => keyOf('Twin')))
  t.assert.deepStrictEqual(keys.toSorted(), ['twin', 'twin-2', 'twin-3', 'twin-4', 'twin-5'])
})

test('projects are listed by key, page by page, and only those one may read', async (t: TestContext) => {
  const { ctx } = await smallHouse(t)
  const ids: Record<string, string> = {}
  for (const key of ['d', 'a', 'c', 'b'])
    ids[key] = (await createProject(ctx, { name: key, kind: 'content' })).id
  const list = async (
    principal: Partial<Principal> | null,
    page: { limit: number; after?: string } = { limit: 10 },
  ) => {
    const viewer = (await hire(ctx, 'viewer', null)).principal!
    const who = asPrincipal(ctx, principal && { ...viewer, grants: [], ...principal })
    return (await listProjects(who, page)).map(({ key }) => key).join('')
  }
  const on = (...keys: string[]) => keys.map((key) => ({ project_id: ids[key]!, role: 'viewer' as const }))
  const everywhere = [{ project_id: null, role: 'viewer' as const }]
  t.assert.strictEqual(await list(null), 'abcd')
  t.assert.strictEqual(await list(null, { limit: 2 }), 'ab')
  t.assert.strictEqual(await list(null, { limit: 2, after: 'b' }), 'cd')
  t.assert.strictEqual(await list({ grants: everywhere }), 'abcd')
  t.assert.strictEqual(await list({ grants: on('d', 'b', 'b') }), 'bd')
  t.assert.strictEqual(await list({}), '')
  t.assert.strictEqual(await list({ grants: everywhere, project_id: ids.c! }), 'c', 'a token that is bound')
  t.assert.strictEqual(await list({ project_id: ids.c! }), '', 'whose user has no role there any more')
  t.assert.strictEqual(
    await list({ grants: everywhere, scopes: ['release.edit'] }),
    '',
    'or that may not read',
  )
  t.assert.strictEqual(await list({ grants: on('a'), scopes: [] }), '')
})

test('who may what', async (t: TestContext) => {
  const house = await warehouse(t)
  const { as, ctx, project } = house
  const project_id = project.id
  for (const role of ['viewer', 'releaser', 'approver'] as const) {
    t.assert.strictEqual(await answerOf(() => getProject(as[role], { project_id })), 'done')
    t.assert.strictEqual(
      await answerOf(() => updateProject(as[role], { project_id, name: 'x' })),
      'forbidden',
    )
    t.assert.strictEqual(await answerOf(() => removeProject(as[role], { project_id })), 'forbidden')
  }
  const made = { name: 'x', kind: 'content' } as const
  t.assert.strictEqual(
    await answerOf(() => createProject(as.admin, made)),
    'forbidden',
    'an admin of one project',
  )
  const stranger = await hire(ctx, 'admin', (await createProject(ctx, made)).id)
  t.assert.strictEqual(await answerOf(() => getProject(stranger, { project_id })), 'forbidden')
  t.assert.strictEqual(await answerOf(() => getProjectByKey(stranger, { key: project.key })), 'not_found')
  const unknown = ctx.newId()
  for (const use of [getProject, removeProject, updateProject])
    t.assert.deepStrictEqual(await refusal(() => use(ctx, { project_id: unknown }), 'not_found'), {
      what: 'project',
      id: unknown,
    })
  t.assert.deepStrictEqual(await refusal(() => getProjectByKey(ctx, { key: 'x y' }), 'not_found'), {
    what: 'project',
    id: 'x y',
  })
})

test('a project goes with all that is in it, whatever runs there, and its events stay', async (t: TestContext) => {
  const house = await warehouse(t, { environments: 2 })
  const { ctx, as, project } = house
  const arrived = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  let waits = false
  const planning = async () => {
    if (!waits) return
    arrived.resolve()
    await goOn.promise
  }
  await house.start([shelfExecutor({ planning })])
  const release = await house.release({ a: '1' })
  await run(house, release.id)
  waits = true
  await ask(house, release.id, { forced: true })
  await ask(house, release.id, { due_at: new Date(house.clock.now.getTime() + 60_000) })
  await arrived.promise
  const events = (await readEvents(ctx)).length
  await removeProject(as.admin, { project_id: project.id })
  goOn.resolve()
  // Ends only when the job that runs it has ended.
  await house.stop()
  for (const table of [
    'environment',
    'release',
    'release_item',
    'revision',
    'deployment',
    'plan',
    'live',
    'deployment_item',
  ] as const)
    t.assert.deepStrictEqual(await ctx.db.selectFrom(table).selectAll().execute(), [], table)
  const after = await readEvents(ctx)
  t.assert.deepStrictEqual(
    [after.length, after.at(-1)?.kind, after.at(-1)?.data],
    [events + 1, 'project.removed', { key: project.key }],
  )
})
