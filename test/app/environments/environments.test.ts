import { test, type TestContext } from 'node:test'
import { createEnvironment } from '#app/environments/create-environment.ts'
import { getEnvironment, getEnvironmentByName, listEnvironments } from '#app/environments/get-environment.ts'
import { removeEnvironment } from '#app/environments/remove-environment.ts'
import { updateEnvironment } from '#app/environments/update-environment.ts'
import { createProject } from '#app/projects/create-project.ts'
import { pass } from '../../engine/quiet-house.ts'
import { readEvents } from '../../engine/event-log.ts'
import { run } from '../../engine/orders.ts'
import { shelfExecutor } from '../../engine/shelf-executor.ts'
import { hire, warehouse } from '../../engine/warehouse.ts'
import { smallHouse } from '../../small-house.ts'
import { answerOf, refusal } from '../refusal.ts'

test('environments are made, read, changed and listed in the order in which they came', async (t: TestContext) => {
  const { ctx, clock } = await smallHouse(t)
  const { id: project_id } = await createProject(ctx, { name: 'Shop', kind: 'content' })
  const admin = await hire(ctx, 'admin', project_id)
  const author = admin.principal?.user_id
  const staging = await createEnvironment(admin, { project_id, name: 'staging' })
  t.assert.deepStrictEqual(staging, {
    id: staging.id,
    project_id,
    name: 'staging',
    position: 1,
    tier: null,
    parent_id: null,
    requires_parent: false,
    auto_promote: false,
    executor: 'content',
    executor_settings: {},
    approvals_needed: 0,
    approval_timeout_seconds: 86_400,
    annotations: {},
    version: 1,
    created_by: author,
    updated_by: author,
    created_at: clock.now,
    updated_at: clock.now,
  })
  const production = await createEnvironment(admin, {
    project_id,
    name: 'production',
    tier: 'live',
    parent_id: staging.id,
    requires_parent: true,
    executor: 'shelf',
    annotations: { 'x/y': 1 },
  })
  t.assert.deepStrictEqual(
    [
      production.position,
      production.tier,
      production.parent_id,
      production.requires_parent,
      production.executor,
    ],
    [2, 'live', staging.id, true, 'shelf'],
  )
  const read = { project_id, environment_id: production.id }
  t.assert.deepStrictEqual(await getEnvironment(admin, read), production)
  t.assert.deepStrictEqual(await getEnvironmentByName(admin, { project_id, name: 'production' }), production)
  pass(clock, 60)
  const changed = await updateEnvironment(admin, { ...read, name: 'aaa', requires_parent: false })
  t.assert.deepStrictEqual(changed, {
    ...production,
    name: 'aaa',
    requires_parent: false,
    version: 2,
    updated_at: clock.now,
  })
  t.assert.strictEqual(
    (await updateEnvironment(admin, { ...read, parent_id: null, name: 'aaa' })).parent_id,
    null,
  )
  const names = (await listEnvironments(admin, { project_id })).map(({ name }) => name)
  t.assert.deepStrictEqual(names, ['staging', 'aaa'])
  const guards = { requires_parent: false, approvals_needed: 0 }
  t.assert.deepStrictEqual(
    (await readEvents(ctx))
      .slice(1)
      .map(({ kind, environment_id, actor, data }) => [kind, environment_id, actor.user_id, data]),
    [
      ['environment.created', staging.id, author, { name: 'staging' }],
      ['environment.created', production.id, author, { name: 'production' }],
      ['environment.updated', production.id, author, { name: 'aaa', ...guards }],
      ['environment.updated', production.id, author, { name: 'aaa', ...guards }],
    ],
  )
})

test('a name is given once in a project, also to those who ask at the same time', async (t: TestContext) => {
  const { ctx } = await smallHouse(t)
  const { id: project_id } = await createProject(ctx, { name: 'Shop', kind: 'content' })
  const { id: other } = await createProject(ctx, { name: 'Other', kind: 'content' })
  const made = await Promise.all(
    ['a', 'b', 'c', 'd'].map((name) => createEnvironment(ctx, { project_id, name })),
  )
  t.assert.strictEqual(await answerOf(() => createEnvironment(ctx, { project_id: other, name: 'a' })), 'done')
  const again = () => createEnvironment(ctx, { project_id, name: 'a' })
  t.assert.deepStrictEqual(await refusal(again, 'already_exists'), { what: 'environment', id: 'a' })
  const rename = (n: number, name: string) =>
    answerOf(() => updateEnvironment(ctx, { project_id, environment_id: made[n]!.id, name }))
  t.assert.strictEqual(await rename(0, 'b'), 'already_exists')
  const renames = await Promise.all([0, 1, 2, 3].map((n) => rename(n, 'same')))
  t.assert.deepStrictEqual(renames.toSorted(), ['already_exists', 'already_exists', 'already_exists', 'done'])
  const makes = await Promise.all(
    [1, 2, 3].map(() => answerOf(() => createEnvironment(ctx, { project_id, name: 'new' }))),
  )
  t.assert.deepStrictEqual(makes.toSorted(), ['already_exists', 'already_exists', 'done'])
})

test('a parent is of the same project, and the order runs in no circle', async (t: TestContext) => {
  const { ctx } = await smallHouse(t)
  const { id: project_id } = await createProject(ctx, { name: 'Shop', kind: 'content' })
  const { id: other } = await createProject(ctx, { name: 'Other', kind: 'content' })
  const theirs = await createEnvironment(ctx, { project_id: other, name: 'theirs' })
  const a = await createEnvironment(ctx, { project_id, name: 'a' })
  const b = await createEnvironment(ctx, { project_id, name: 'b', parent_id: a.id })
  const c = await createEnvironment(ctx, { project_id, name: 'c', parent_id: b.id })
  const under = (environment_id: string, parent_id: string) => () =>
    updateEnvironment(ctx, { project_id, environment_id, parent_id })
  for (const parent_id of [theirs.id, ctx.newId()]) {
    const missing = { what: 'environment', id: parent_id }
    t.assert.deepStrictEqual(
      await refusal(() => createEnvironment(ctx, { project_id, name: 'd', parent_id }), 'not_found'),
      missing,
    )
    t.assert.deepStrictEqual(await refusal(under(c.id, parent_id), 'not_found'), missing)
  }
  for (const circle of [under(a.id, a.id), under(a.id, b.id), under(a.id, c.id)]) {
    const { faults } = await refusal(circle, 'invalid')
    t.assert.deepStrictEqual(
      faults.map(({ field, fault }) => [field, fault]),
      [['parent', 'invalid']],
    )
  }
  t.assert.strictEqual(await answerOf(under(c.id, a.id)), 'done')
  const below = await Promise.all([answerOf(under(b.id, c.id)), answerOf(under(c.id, b.id))])
  t.assert.deepStrictEqual(below.toSorted(), ['done', 'invalid'], 'not even when two ask at once')
})

test('who may what, and what is not there', async (t: TestContext) => {
  const house = await warehouse(t)
  const { as, ctx, project, environment } = house
  const its = { project_id: project.id, environment_id: environment.id }
  for (const role of ['viewer', 'releaser', 'approver'] as const) {
    t.assert.strictEqual(await answerOf(() => getEnvironment(as[role], its)), 'done')
    t.assert.strictEqual(await answerOf(() => listEnvironments(as[role], its)), 'done')
    t.assert.strictEqual(
      await answerOf(() => createEnvironment(as[role], { ...its, name: 'x' })),
      'forbidden',
    )
    t.assert.strictEqual(
      await answerOf(() => updateEnvironment(as[role], { ...its, name: 'x' })),
      'forbidden',
    )
    t.assert.strictEqual(await answerOf(() => removeEnvironment(as[role], its)), 'forbidden')
  }
  const other = await createProject(ctx, { name: 'Other', kind: 'content' })
  const stranger = await hire(ctx, 'admin', other.id)
  for (const use of [getEnvironment, listEnvironments, updateEnvironment, removeEnvironment])
    t.assert.strictEqual(await answerOf(() => use(stranger, its)), 'forbidden')
  const missing = { what: 'environment', id: environment.id }
  for (const use of [getEnvironment, updateEnvironment, removeEnvironment])
    t.assert.deepStrictEqual(
      await refusal(() => use(ctx, { ...its, project_id: other.id }), 'not_found'),
      missing,
    )
  t.assert.deepStrictEqual(
    await refusal(() => getEnvironmentByName(ctx, { project_id: other.id, name: 'shelf 1' }), 'not_found'),
    {
      what: 'environment',
      id: 'shelf 1',
    },
  )
})

test('an environment goes with what is live in it, and leaves its children without a parent', async (t: TestContext) => {
  const house = await warehouse(t, { executors: [shelfExecutor()] })
  const { as, ctx, project, environment } = house
  await run(house, (await house.release({ a: '1' })).id)
  const child = await createEnvironment(ctx, {
    project_id: project.id,
    name: 'child',
    parent_id: environment.id,
  })
  await removeEnvironment(as.admin, { project_id: project.id, environment_id: environment.id })
  for (const table of ['live', 'deployment', 'plan'] as const)
    t.assert.deepStrictEqual(await ctx.db.selectFrom(table).selectAll().execute(), [], table)
  const left = await getEnvironment(ctx, { project_id: project.id, environment_id: child.id })
  t.assert.strictEqual(left.parent_id, null)
  const event = (await readEvents(ctx)).at(-1)
  t.assert.deepStrictEqual(
    [event?.kind, event?.environment_id, event?.data],
    ['environment.removed', environment.id, { name: 'shelf 1' }],
  )
})
