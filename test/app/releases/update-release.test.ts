import { test, type TestContext } from 'node:test'
import { asPrincipal } from '#app/context.ts'
import { requestDeployments } from '#app/deployments/request-deployments.ts'
import { createProject } from '#app/projects/create-project.ts'
import { createRelease } from '#app/releases/create-release.ts'
import { getRelease } from '#app/releases/get-release.ts'
import { updateRelease, type ReleaseChange } from '#app/releases/update-release.ts'
import { pass } from '../../engine/quiet-house.ts'
import { readEvents } from '../../engine/event-log.ts'
import { answerOf, refusal } from '../refusal.ts'
import { book, sharedBookshop } from './bookshop.ts'

const bookshop = sharedBookshop()

type Change = Omit<ReleaseChange, 'project_id' | 'release_id'>

test('a release is made as it was asked for', async (t: TestContext) => {
  const shop = await bookshop()
  const { as, ctx, project_id, clock } = shop
  const author = as.releaser.principal?.user_id
  const plain = await createRelease(as.releaser, { project_id, branch: 'main', name: 'Spring' })
  t.assert.deepStrictEqual(plain, {
    id: plain.id,
    project_id,
    branch: 'main',
    name: 'Spring',
    description: '',
    lock: null,
    locked_by: null,
    locked_at: null,
    lock_reason: null,
    allowed_actions: ['edit', 'lock', 'clone', 'remove'],
    archived: false,
    version: 1,
    annotations: {},
    created_by: author,
    updated_by: author,
    created_at: clock.now,
    updated_at: clock.now,
  })
  t.assert.deepStrictEqual(await getRelease(as.viewer, { project_id, release_id: plain.id }), plain)
  const full = await createRelease(as.releaser, {
    project_id,
    branch: 'main',
    name: `O'Neil "<b>" \u{1f680}`,
    description: 'x',
    locked: true,
    archived: true,
    annotations: { 'surface/word': { a: [1, null] } },
  })
  t.assert.deepStrictEqual(
    [full.name, full.description, full.lock, full.archived, full.annotations],
    [`O'Neil "<b>" \u{1f680}`, 'x', 'user', true, { 'surface/word': { a: [1, null] } }],
  )
  const created = (await readEvents(ctx)).filter(
    (event) => event.kind === 'release.created' && event.project_id === project_id,
  )
  t.assert.deepStrictEqual(
    created.map(({ subject_id, actor, data }) => [subject_id, actor.user_id, data]),
    [plain, full].map(({ id, name }) => [id, author, { name }]),
  )
})

test('a release of another project is not there', async (t: TestContext) => {
  const shop = await bookshop()
  const { ctx } = shop
  const { id } = await shop.release()
  const other = await createProject(ctx, { name: 'Other', kind: 'content' })
  const theirs = { project_id: other.id, release_id: id }
  t.assert.deepStrictEqual(await refusal(() => getRelease(ctx, theirs), 'not_found'), { what: 'release', id })
  t.assert.strictEqual(await answerOf(() => updateRelease(ctx, { ...theirs, name: 'Mine' })), 'not_found')
})

test('only what is named changes, and the version counts', async (t: TestContext) => {
  const shop = await bookshop()
  const { as, ctx, project_id, clock } = shop
  const made = await shop.release()
  const its = { project_id, release_id: made.id }
  pass(clock, 60)
  const renamed = await updateRelease(as.releaser, { ...its, name: 'Summer' })
  const change = { version: 2, updated_at: clock.now, updated_by: as.releaser.principal?.user_id }
  t.assert.deepStrictEqual(renamed, { ...made, ...change, name: 'Summer' })
  const next = await updateRelease(as.releaser, { ...its, description: 'warm', archived: true })
  t.assert.deepStrictEqual(
    [next.name, next.description, next.archived, next.version],
    ['Summer', 'warm', true, 3],
  )
  t.assert.deepStrictEqual(
    (await readEvents(ctx))
      .filter(({ kind, subject_id }) => kind === 'release.updated' && subject_id === made.id)
      .map(({ data }) => data),
    [{ name: 'Summer' }, { name: 'Summer' }],
  )
})

test('who saw another version is refused, and of many with the same one gets through', async (t: TestContext) => {
  const shop = await bookshop()
  const { as, project_id } = shop
  const made = await shop.release()
  const its = { project_id, release_id: made.id }
  const rename = (name: string, version: number) => () =>
    updateRelease(as.releaser, { ...its, name, version })
  t.assert.deepStrictEqual(await refusal(rename('x', 7), 'version_conflict'), {
    what: 'release',
    id: made.id,
    version: 1,
  })
  const answers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => answerOf(rename(name, 1))))
  t.assert.deepStrictEqual(answers.toSorted(), [
    'done',
    ...Array.from({ length: 4 }, () => 'version_conflict'),
  ])
})

test("under a user's lock nothing changes but the lock; what is put back as it was is no change", async (t: TestContext) => {
  const shop = await bookshop()
  const { as, project_id } = shop
  const made = await shop.release()
  const its = { project_id, release_id: made.id }
  const change = (what: Change) => answerOf(() => updateRelease(as.admin, { ...its, ...what }))
  await updateRelease(as.releaser, { ...its, locked: true })
  for (const edit of [{ name: 'x' }, { description: 'x' }, { archived: true }, { name: 'x', locked: true }])
    t.assert.strictEqual(await change(edit), 'release_locked', JSON.stringify(edit))
  t.assert.strictEqual(
    await change({ name: made.name, description: '', archived: false, locked: true }),
    'done',
  )
  t.assert.strictEqual(await change({ name: 'x', locked: false }), 'done', 'unlocking and editing in one')
})

test('under the lock that a deployment left, name and description stay open', async (t: TestContext) => {
  const shop = await bookshop()
  const { as, project_id, staging } = shop
  await shop.write('dune', 'Dune')
  const { id } = await shop.release([book('dune')])
  const its = { project_id, release_id: id }
  await requestDeployments(as.releaser, { ...its, environment_ids: [staging], lock_release: true })
  const renamed = await updateRelease(as.releaser, { ...its, name: 'Shipped', locked: true })
  t.assert.deepStrictEqual([renamed.name, renamed.lock], ['Shipped', 'deployment'])
  const locked = await updateRelease(as.releaser, { ...its, locked: true, reason: 'audit' })
  t.assert.deepStrictEqual(
    [locked.lock, locked.lock_reason],
    ['user', 'audit'],
    'who only locks shuts the gate',
  )
  await updateRelease(as.approver, { ...its, locked: false })
  await requestDeployments(as.releaser, { ...its, environment_ids: [staging], lock_release: true })
  t.assert.strictEqual((await updateRelease(as.releaser, { ...its, locked: false })).lock, null)
})

test('a releaser locks, an approver unlocks, and each nothing more', async (t: TestContext) => {
  const shop = await bookshop()
  const { as, ctx, project_id } = shop
  const { id } = await shop.release()
  const change = (who: keyof typeof as, what: Change) =>
    answerOf(() => updateRelease(as[who], { project_id, release_id: id, ...what }))
  t.assert.strictEqual(await change('viewer', { locked: true }), 'forbidden')
  t.assert.strictEqual(await change('approver', { locked: true }), 'forbidden')
  t.assert.strictEqual(await change('approver', { name: 'x' }), 'forbidden')
  t.assert.strictEqual(await change('approver', {}), 'forbidden')
  t.assert.strictEqual(await change('releaser', { locked: true }), 'done')
  t.assert.strictEqual(await change('viewer', { locked: false }), 'forbidden')
  t.assert.strictEqual(await change('releaser', { locked: false }), 'forbidden')
  t.assert.strictEqual(await change('approver', { locked: false, name: 'x' }), 'forbidden')
  t.assert.strictEqual(await change('approver', { locked: false }), 'done')
  t.assert.strictEqual((await getRelease(ctx, { project_id, release_id: id })).lock, null)

  const locks = (await readEvents(ctx)).filter(
    (event) => event.kind.endsWith('locked') && event.project_id === project_id,
  )
  t.assert.deepStrictEqual(
    locks.map(({ kind, actor, subject_id }) => [kind, actor.name, subject_id]),
    [
      ['release.locked', as.releaser.principal?.name, id],
      ['release.unlocked', as.approver.principal?.name, id],
    ],
  )
})

test('scopes that lock are not scopes that edit', async (t: TestContext) => {
  const shop = await bookshop()
  const { as, ctx, project_id } = shop
  const { id } = await shop.release()
  const by = (scope: string, what: Change) => {
    const who = asPrincipal(ctx, { ...as.admin.principal!, scopes: [scope] })
    return answerOf(() => updateRelease(who, { project_id, release_id: id, ...what }))
  }
  t.assert.strictEqual(await by('release.edit', { name: 'x' }), 'done')
  t.assert.strictEqual(await by('release.edit', { locked: true }), 'forbidden')
  t.assert.strictEqual(await by('release.lock', { name: 'y', locked: true }), 'forbidden')
  t.assert.strictEqual(await by('release.lock', { locked: true }), 'done')
  t.assert.strictEqual(await by('release.lock', { locked: false }), 'forbidden')
  t.assert.strictEqual(await by('release.unlock', { locked: false }), 'done')
})
