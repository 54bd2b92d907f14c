import { test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { transact, type Context } from '#app/context.ts'
import { createEnvironment } from '#app/environments/create-environment.ts'
import { createProject } from '#app/projects/create-project.ts'
import { updateRelease } from '#app/releases/update-release.ts'
import { getRelease } from '#app/releases/get-release.ts'
import { claimDeployment } from '#app/deployments/claim-deployment.ts'
import { requestDeploymentsIn } from '#app/deployments/request-deployments.ts'
import { holdRelease } from '#app/releases/release-view.ts'
import { upsertReleaseItems } from '#store/release-item.ts'
import { isFinal, states } from '#domain/lifecycle.ts'
import { pass } from '../../engine/quiet-house.ts'
import { readEvents } from '../../engine/event-log.ts'
import { ask } from '../../engine/orders.ts'
import { itemsOf, sharedWarehouse } from '../../engine/warehouse.ts'
import { answerOf, refusal } from '../refusal.ts'

const warehouse = sharedWarehouse()

async function countRows({ db }: Context) {
  const { rows } = await sql<Record<string, number>>`
    select (select count(*) from deployment) as deployments, (select count(*) from revision) as revisions,
      (select count(*) from event) as events, (select count(*) from job.job) as jobs`.execute(db)
  return rows[0]
}

test('what cannot be deployed is refused, and leaves neither rows nor events nor jobs', async (t: TestContext) => {
  const house = await warehouse()
  const { ctx, as, environment } = house
  const release = await house.release({ a: '1' })
  const empty = await house.release({}, 'Empty')
  const other = await createProject(ctx, { name: 'Other', kind: 'content' })
  const elsewhere = await createEnvironment(ctx, { project_id: other.id, name: 'elsewhere' })
  const before = await countRows(ctx)
  const nobody = ctx.newId()

  t.assert.deepStrictEqual(await refusal(() => ask(house, nobody), 'not_found'), {
    what: 'release',
    id: nobody,
  })
  t.assert.deepStrictEqual(
    await refusal(() => ask(house, release.id, { environment_ids: [nobody] }), 'not_found'),
    {
      what: 'environment',
      id: nobody,
    },
  )
  const both = [environment.id, elsewhere.id]
  t.assert.deepStrictEqual(
    await refusal(() => ask(house, release.id, { environment_ids: both }), 'not_found'),
    {
      what: 'environment',
      id: elsewhere.id,
    },
  )
  const admin = { ...as.admin, principal: null }
  const theirs = { project_id: other.id, environment_ids: [elsewhere.id] }
  await refusal(() => ask(house, release.id, theirs as object, admin), 'not_found')
  const faults = async (terms: Parameters<typeof ask>[2], id = release.id) =>
    (await refusal(() => ask(house, id, terms), 'invalid')).faults.map(
      ({ field, fault }) => `${field} ${fault}`,
    )
  t.assert.deepStrictEqual(await faults({ environment_ids: [] }), ['environments required'])
  t.assert.deepStrictEqual(await faults({ select: () => false }), ['items required'])
  t.assert.deepStrictEqual(await faults({}, empty.id), ['items required'])
  t.assert.deepStrictEqual(await countRows(ctx), before)
})

test('a request that breaks after it wrote leaves nothing', async (t: TestContext) => {
  const house = await warehouse()
  const release = await house.release({ a: '1' })
  const before = await countRows(house.ctx)
  const broken = { ...house.as.releaser, enqueue: () => Promise.reject(new Error('no queue')) }
  await t.assert.rejects(ask(house, release.id, {}, broken), /no queue/)
  t.assert.deepStrictEqual(await countRows(house.ctx), before)
  await ask(house, release.id)
  t.assert.deepStrictEqual(await countRows(house.ctx), {
    deployments: Number(before?.deployments) + 1,
    revisions: Number(before?.revisions) + 1,
    events: Number(before?.events) + 1,
    jobs: Number(before?.jobs) + 1,
  })
})

test('a request leaves its event, with who asked and why', async (t: TestContext) => {
  const house = await warehouse({ environments: 2 })
  const { ctx, as, project } = house
  const release = await house.release({ a: '1' })
  const asked = await ask(house, release.id, {
    environment_ids: house.environments.map(({ id }) => id),
    reason: 'because',
  })
  const events = (await readEvents(ctx)).filter(
    ({ kind, project_id }) => kind === 'deployment.requested' && project_id === project.id,
  )
  t.assert.strictEqual(events.length, 2)
  const event = events.find(({ subject_id }) => subject_id === asked.id)
  const { user_id, token_id, name, kind } = as.releaser.principal!
  t.assert.deepStrictEqual(event?.actor, { kind, user_id, token_id, name })
  t.assert.deepStrictEqual(
    [event.reason, event.project_id, event.environment_id, event.at],
    ['because', project.id, asked.environment_id, house.clock.now],
  )
  t.assert.deepStrictEqual(event.data, { release_id: release.id, state: 'queued', due_at: null })
})

test('the same items are the same revision; other items are the next one', async (t: TestContext) => {
  const house = await warehouse()
  const release = await house.release({ a: '1', b: '1' })
  const numbers: number[] = []
  const request = async () => {
    const { revision_number, revision_id } = await ask(house, release.id)
    numbers.push(revision_number)
    return revision_id
  }
  const first = await request()
  t.assert.strictEqual(await request(), first)
  await house.pin(release.id, { b: '1', a: '1' })
  t.assert.strictEqual(await request(), first, 'in whichever order')
  await house.pin(release.id, { a: '2', b: '1' })
  t.assert.notStrictEqual(await request(), first)
  await house.pin(release.id, { a: '1', b: '1' })
  t.assert.strictEqual(await request(), first, 'and back again')
  await house.pin(release.id, { a: '1' })
  await request()
  t.assert.deepStrictEqual(numbers, [1, 1, 1, 2, 1, 3])

  const twin = await house.release({ a: '1', b: '1' }, 'Twin')
  const theirs = await ask(house, twin.id)
  t.assert.notStrictEqual(theirs.revision_id, first, 'but not across releases')
  t.assert.strictEqual(theirs.revision_number, 1)
})

test('revision numbers have no gaps and no doubles, however many ask at once', async (t: TestContext) => {
  const house = await warehouse()
  const { as, project, environment } = house
  const release = await house.release({ a: '0' })
  const versions = Array.from({ length: 60 }, (_, n) => String(n % 20))
  await Promise.all(
    versions.map((version) =>
      transact(as.releaser, async (unit) => {
        const held = await holdRelease(unit.tx, project.id, release.id)
        await upsertReleaseItems(unit.tx, held.id, itemsOf({ a: version }), house.clock.now)
        const request = { project_id: project.id, release_id: held.id, environment_ids: [environment.id] }
        await requestDeploymentsIn(as.releaser, unit, held, request)
      }),
    ),
  )
  const rows = await house.ctx.db
    .selectFrom('revision')
    .select(['number', 'digest'])
    .where('release_id', '=', release.id)
    .orderBy('number')
    .execute()
  t.assert.deepStrictEqual(
    rows.map(({ number }) => number),
    Array.from({ length: 20 }, (_, n) => n + 1),
  )
  t.assert.strictEqual(new Set(rows.map(({ digest }) => digest)).size, 20)
})

test('who will not wait for a busy environment is told what it is busy with', async (t: TestContext) => {
  const house = await warehouse({ environments: 2 })
  const { environments, clock } = house
  const release = await house.release({ a: '1' })
  const both = environments.map(({ id }) => id)
  const impatient = { when_busy: 'refuse', environment_ids: both } as const

  const due_at = new Date(clock.now.getTime() + 60_000)
  await ask(house, release.id, { due_at, environment_ids: [both[0]!] })
  const [one] = [await ask(house, release.id, impatient)]
  t.assert.strictEqual(one.state, 'queued', 'what is scheduled for later is not in the way')
  const { blockers } = await refusal(() => ask(house, release.id, impatient), 'blocked')
  t.assert.deepStrictEqual(
    blockers.map(({ code, detail, opens_at }) => [code, detail, opens_at]),
    both.map((_, n) => ['busy', `A deployment to shelf ${n + 1} is not over yet.`, null]),
  )
  t.assert.strictEqual(
    (await ask(house, release.id, { environment_ids: both })).state,
    'queued',
    'others wait',
  )
})

test('an environment is busy until its deployment is over', async (t: TestContext) => {
  const house = await warehouse()
  const release = await house.release({ a: '1' })
  const { id } = await ask(house, release.id)
  const impatient = { when_busy: 'refuse', dry_run: true } as const
  for (const state of states.filter((each) => each !== 'requested')) {
    await house.ctx.db.updateTable('deployment').set({ state }).where('id', '=', id).execute()
    const answer = await answerOf(() => ask(house, release.id, impatient))
    t.assert.strictEqual(answer, isFinal(state) ? 'done' : 'blocked', state)
    const others = house.ctx.db.deleteFrom('deployment').where('id', '<>', id)
    await others.where('environment_id', '=', house.environment.id).execute()
  }
})

test('a schedule whose time has come makes busy, and so does one that waits at a lock', async (t: TestContext) => {
  const house = await warehouse({ environments: 2 })
  const { as, project, clock, environments } = house
  const release = await house.release({ a: '1' })
  const [here, there] = environments.map(({ id }) => [id])
  const impatient = (environment_ids: string[] = []) =>
    answerOf(() => ask(house, release.id, { when_busy: 'refuse', environment_ids, dry_run: true }))
  await ask(house, release.id, { due_at: new Date(clock.now.getTime() + 60_000) })
  pass(clock, 60)
  t.assert.strictEqual(await impatient(here), 'blocked')
  const locked = await house.release({ a: '1' }, 'Locked')
  await updateRelease(as.releaser, { project_id: project.id, release_id: locked.id, locked: true })
  await ask(house, locked.id, { environment_ids: there! })
  t.assert.strictEqual(await impatient(there), 'blocked')
})

test('of many that will not wait, one gets the environment', async (t: TestContext) => {
  const house = await warehouse({ environments: 3 })
  const releases = await Promise.all(Array.from({ length: 10 }, (_, n) => house.release({ a: '1' }, `R${n}`)))
  const all = house.environments.map(({ id }) => id)
  const answers = await Promise.all(
    releases.map(({ id }, n) =>
      // Named in any order: nobody may wait for somebody who waits for them.
      answerOf(() =>
        ask(house, id, { when_busy: 'refuse', environment_ids: n % 2 === 0 ? all : all.toReversed() }),
      ),
    ),
  )
  t.assert.deepStrictEqual(answers.toSorted(), [...Array.from({ length: 9 }, () => 'blocked'), 'done'])
})

test("a user's lock refuses who will not wait at it; a schedule never refuses", async (t: TestContext) => {
  const house = await warehouse()
  const { as, project, clock } = house
  const release = await house.release({ a: '1' })
  const due_at = new Date(clock.now.getTime() + 60_000)
  t.assert.strictEqual((await ask(house, release.id, { due_at, when_shut: 'refuse' })).state, 'requested')
  await updateRelease(as.releaser, { project_id: project.id, release_id: release.id, locked: true })
  for (const terms of [
    { when_shut: 'refuse' },
    { refuse_if: ['lock'] },
    { refuse_if: ['lock'], due_at },
  ] as const) {
    const { blockers } = await refusal(() => ask(house, release.id, terms), 'blocked')
    t.assert.deepStrictEqual(
      blockers.map(({ code, detail }) => [code, detail]),
      [['lock', 'Release Spring was locked by The releaser.']],
    )
  }
  t.assert.strictEqual((await ask(house, release.id, { refuse_if: ['freeze'] })).state, 'requested')
})

test('a deployment may leave its release locked against edits; that lock stops no deployment', async (t: TestContext) => {
  const house = await warehouse({ environments: 2 })
  const { as, project } = house
  const release = await house.release({ a: '1' })
  const its = { project_id: project.id, release_id: release.id }
  await ask(house, release.id, { lock_release: true, dry_run: true })
  t.assert.strictEqual((await getRelease(as.viewer, its)).lock, null, 'a dry run leaves none')
  await ask(house, release.id, { lock_release: true })
  t.assert.strictEqual((await getRelease(as.viewer, its)).lock, 'deployment')
  const again = await ask(house, release.id, {
    environment_ids: [house.environments[1]!.id],
    when_shut: 'refuse',
  })
  t.assert.strictEqual(again.state, 'queued')
  await updateRelease(as.releaser, { ...its, locked: false })
  await updateRelease(as.releaser, { ...its, locked: true })
  await ask(house, release.id, { lock_release: true })
  t.assert.strictEqual((await getRelease(as.viewer, its)).lock, 'user', "a user's lock stays a user's")
})

test('a queued deployment is claimed with all that its executor needs', async (t: TestContext) => {
  const house = await warehouse()
  const { ctx, as, environment, project } = house
  const release = await house.release({ a: '1', b: null })
  const { id, revision_id } = await ask(house, release.id, { forced: true, select: ({ key }) => key === 'a' })
  const work = await claimDeployment(ctx, environment.id)
  const a = { key: 'a', kind: 'box', action: 'publish', version: '1', title: 'Box a' }
  const b = { key: 'b', kind: 'box', action: 'unpublish', version: null, title: 'Box b' }
  t.assert.deepStrictEqual(work?.task, {
    deployment_id: id,
    project_id: project.id,
    environment_id: environment.id,
    requested_by: as.releaser.principal?.user_id,
    scope: 'change_set',
    items: [a],
    live: [],
    forced: true,
    restores: false,
    attempt: 1,
    whole: [a, b],
    selected: true,
    refresh: true,
    allow_destroy: false,
  })
  t.assert.deepStrictEqual(
    [work.attempt, work.state, work.executor, work.revision_id],
    [1, 'planning', 'shelf', revision_id],
  )
})
