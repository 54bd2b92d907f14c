import { test, type TestContext } from 'node:test'
import { addReleaseItems } from '#app/releases/add-release-items.ts'
import { cloneRelease } from '#app/releases/clone-release.ts'
import { getDeployment, listDeployments } from '#app/deployments/get-deployment.ts'
import { requestDeployments } from '#app/deployments/request-deployments.ts'
import { requestRollback } from '#app/deployments/request-rollback.ts'
import { getRelease } from '#app/releases/get-release.ts'
import { listReleaseItems } from '#app/releases/list-release-items.ts'
import { removeRelease } from '#app/releases/remove-release.ts'
import { updateRelease } from '#app/releases/update-release.ts'
import { readEvents } from '../../engine/event-log.ts'
import { ended } from '../../engine/wait-for.ts'
import { answerOf, refusal } from '../refusal.ts'
import { book, bookshop } from './bookshop.ts'

test('a clone holds the same items at the same versions, and is open', async (t: TestContext) => {
  const shop = await bookshop(t)
  const { as, ctx, project_id } = shop
  await shop.write('dune', 'Dune')
  await shop.write('emma', 'Emma')
  const from = await shop.release([book('emma'), book('dune')])
  await updateRelease(ctx, { project_id, release_id: from.id, description: 'words', locked: true })
  await shop.write('dune', 'Dune, revised')
  const clone = await cloneRelease(as.releaser, { project_id, release_id: from.id, name: 'Again' })
  t.assert.notStrictEqual(clone.id, from.id)
  t.assert.deepStrictEqual(
    [clone.name, clone.description, clone.branch, clone.lock, clone.version, clone.created_by],
    ['Again', 'words', 'main', null, 1, as.releaser.principal?.user_id],
  )
  const itemsOf = async (release_id: string) =>
    (await listReleaseItems(ctx, { project_id, release_id })).items
  t.assert.deepStrictEqual(await itemsOf(clone.id), await itemsOf(from.id))
  await addReleaseItems(as.releaser, { project_id, release_id: clone.id, items: [book('dune')] })
  t.assert.deepStrictEqual(
    (await itemsOf(from.id)).map(({ version }) => version),
    ['1', '1'],
  )
  const [event] = (await readEvents(ctx)).filter(({ subject_id }) => subject_id === clone.id)
  t.assert.strictEqual(event?.kind, 'release.created')

  const named = { project_id, release_id: from.id, name: 'Other', description: '' }
  t.assert.strictEqual((await cloneRelease(as.releaser, named)).description, '')
  t.assert.strictEqual(await answerOf(() => cloneRelease(as.approver, named)), 'forbidden')
  t.assert.strictEqual(
    await answerOf(() => cloneRelease(ctx, { ...named, release_id: ctx.newId() })),
    'not_found',
  )
})

test('a release that was never deployed is gone without a trace but its events', async (t: TestContext) => {
  const shop = await bookshop(t)
  const { as, ctx, project_id } = shop
  await shop.write('dune', 'Dune')
  const { id } = await shop.release([book('dune')])
  const its = { project_id, release_id: id }
  t.assert.strictEqual(await answerOf(() => removeRelease(as.viewer, its)), 'forbidden')
  await removeRelease(as.releaser, its)
  t.assert.deepStrictEqual(await refusal(() => getRelease(ctx, its), 'not_found'), { what: 'release', id })
  t.assert.strictEqual(await answerOf(() => removeRelease(as.releaser, its)), 'not_found')
  t.assert.strictEqual(await ctx.db.selectFrom('release').select('id').executeTakeFirst(), undefined)
  t.assert.strictEqual(
    await ctx.db.selectFrom('release_item').select('item_key').executeTakeFirst(),
    undefined,
  )
  const event = (await readEvents(ctx)).at(-1)
  t.assert.deepStrictEqual(
    [event?.kind, event?.subject_id, event?.data],
    ['release.removed', id, { name: 'Spring', branch: 'main', known_as: {} }],
  )
})

test('a release that was deployed leaves its history, which can still be rolled back', async (t: TestContext) => {
  const shop = await bookshop(t)
  const { as, ctx, project_id, staging } = shop
  await shop.open()
  await shop.write('dune', 'Dune')
  const { id } = await shop.release([book('dune')])
  const its = { project_id, release_id: id }
  const [asked] = await requestDeployments(as.releaser, { ...its, environment_ids: [staging] })
  await ended(ctx, asked!.id)
  await removeRelease(as.releaser, its)
  for (const use of [
    () => getRelease(ctx, its),
    () => listReleaseItems(ctx, its),
    () => updateRelease(ctx, { ...its, name: 'x' }),
    () => addReleaseItems(ctx, { ...its, items: [book('dune')] }),
    () => cloneRelease(ctx, { ...its, name: 'x' }),
    () => requestDeployments(ctx, { ...its, environment_ids: [staging] }),
    () => removeRelease(ctx, its),
  ])
    t.assert.strictEqual(await answerOf(use), 'not_found')
  const view = await getDeployment(as.viewer, { deployment_id: asked!.id })
  t.assert.deepStrictEqual([view.state, view.release_name], ['succeeded', 'Spring'])
  const back = await requestRollback(as.releaser, { environment_id: staging })
  t.assert.strictEqual((await ended(ctx, back.deployment.id)).state, 'succeeded')
})

test('schedules go with their release, and what is under way keeps it', async (t: TestContext) => {
  const shop = await bookshop(t)
  const { as, ctx, project_id, staging, production, clock } = shop
  await shop.write('dune', 'Dune')
  const { id } = await shop.release([book('dune')])
  const its = { project_id, release_id: id }
  const due_at = new Date(clock.now.getTime() + 60_000)
  const [scheduled] = await requestDeployments(as.releaser, { ...its, environment_ids: [staging], due_at })
  const [queued] = await requestDeployments(as.admin, { ...its, environment_ids: [production] })
  const put = (state: 'queued' | 'planning' | 'applying' | 'canceling' | 'failed') =>
    ctx.db.updateTable('deployment').set({ state }).where('id', '=', queued!.id).execute()
  for (const state of ['queued', 'planning', 'applying', 'canceling'] as const) {
    await put(state)
    t.assert.deepStrictEqual(await refusal(() => removeRelease(as.releaser, its), 'in_use'), {
      what: 'release',
      id,
      by: 'a deployment that is not over',
    })
  }
  t.assert.strictEqual(
    (await getDeployment(ctx, { deployment_id: scheduled!.id })).state,
    'requested',
    'all or nothing',
  )
  await put('failed')
  await removeRelease(as.releaser, its)
  const listed = await listDeployments(ctx, { project_id, limit: 10 })
  t.assert.deepStrictEqual(
    listed.map(({ state }) => state),
    ['failed', 'canceled'],
  )
  const canceled = (await readEvents(ctx)).find(({ kind }) => kind === 'deployment.canceled')
  t.assert.deepStrictEqual(
    [canceled?.subject_id, canceled?.reason],
    [scheduled!.id, 'Its release was deleted.'],
  )
})

test('a release with very many deployments behind it goes all the same', async (t: TestContext) => {
  const shop = await bookshop(t)
  const { as, ctx, project_id, staging, clock } = shop
  await shop.write('dune', 'Dune')
  const { id } = await shop.release([book('dune')])
  const its = { project_id, release_id: id }
  const due_at = new Date(clock.now.getTime() + 60_000)
  const [scheduled] = await requestDeployments(as.releaser, { ...its, environment_ids: [staging], due_at })
  const { number: _, ...row } = await ctx.db.selectFrom('deployment').selectAll().executeTakeFirstOrThrow()
  const past = Array.from({ length: 1001 }, () => ({
    ...row,
    id: ctx.newId(),
    state: 'succeeded' as const,
    misfire: '{"policy":"skip"}',
    counts: '{}',
    annotations: '{}',
  }))
  await ctx.db.insertInto('deployment').values(past).execute()
  await removeRelease(as.releaser, its)
  t.assert.strictEqual((await getDeployment(ctx, { deployment_id: scheduled!.id })).state, 'canceled')
})
