import { test, type TestContext } from 'node:test'
import { requestDeployments } from '#app/deployments/request-deployments.ts'
import { requestOneShot } from '#app/deployments/request-one-shot.ts'
import { createRelease } from '#app/releases/create-release.ts'
import { listReleases, type ReleasePage } from '#app/releases/list-releases.ts'
import { removeRelease } from '#app/releases/remove-release.ts'
import { updateRelease } from '#app/releases/update-release.ts'
import { pass } from '../../engine/quiet-house.ts'
import { book, sharedBookshop, type Bookshop } from './bookshop.ts'

const bookshop = sharedBookshop()

async function list({ as, project_id }: Bookshop, page: Partial<ReleasePage> = {}) {
  const asked = { project_id, order: 'newest' as const, limit: 100, ...page }
  const { releases, total } = await listReleases(as.viewer, asked)
  return { names: releases.map(({ name }) => name), total, releases }
}

/** Seven releases, r1 the oldest, each a minute after the one before. */
async function seven(): Promise<{ shop: Bookshop; ids: string[] }> {
  const shop = await bookshop()
  const ids: string[] = []
  for (let n = 1; n <= 7; n += 1) {
    pass(shop.clock, 60)
    ids.push((await shop.release([], `r${n}`)).id)
  }
  return { shop, ids }
}

test('newest first, after the last one seen', async (t: TestContext) => {
  const { shop } = await seven()
  const names: string[] = []
  let after: string | undefined
  for (let page = 0; page < 4; page += 1) {
    const { releases } = await list(shop, { limit: 3, ...(after ? { after } : {}) })
    names.push(...releases.map(({ name }) => name), '|')
    after = releases.at(-1)?.id ?? after
  }
  t.assert.strictEqual(names.join(' '), 'r7 r6 r5 | r4 r3 r2 | r1 | |')
})

test('latest change first, by offset', async (t: TestContext) => {
  const { shop, ids } = await seven()
  pass(shop.clock, 60)
  await updateRelease(shop.ctx, { project_id: shop.project_id, release_id: ids[2]!, description: 'changed' })
  const page = async (limit: number, offset: number) =>
    (await list(shop, { order: 'updated', limit, offset })).names.join(' ')
  t.assert.strictEqual(await page(3, 0), 'r3 r7 r6')
  t.assert.strictEqual(await page(3, 3), 'r5 r4 r2')
  t.assert.strictEqual(await page(3, 6), 'r1')
  t.assert.strictEqual(await page(3, 9), '')
})

test('the total counts all that would be listed, and asking for it alone lists none', async (t: TestContext) => {
  const { shop } = await seven()
  t.assert.strictEqual((await list(shop)).total, undefined)
  t.assert.strictEqual((await list(shop, { limit: 2, with_total: true })).total, 7)
  t.assert.strictEqual(
    (await list(shop, { limit: 2, offset: 6, order: 'updated', with_total: true })).total,
    7,
  )
  const { names, total } = await list(shop, { limit: 0, with_total: true })
  t.assert.deepStrictEqual([names, total], [[], 7])
})

test('by branch and by name', async (t: TestContext) => {
  const { shop } = await seven()
  const { ctx, project_id } = shop
  await createRelease(ctx, { project_id, branch: 'next', name: 'r1' })
  const filter = async (asked: Partial<ReleasePage>) => {
    const { names, total } = await list(shop, { ...asked, with_total: true })
    return [names.join(' '), total]
  }
  t.assert.deepStrictEqual(await filter({ branch: 'next' }), ['r1', 1])
  t.assert.deepStrictEqual(await filter({ branch: 'main', name: 'r1' }), ['r1', 1])
  t.assert.deepStrictEqual(await filter({ name: 'r1' }), ['r1 r1', 2])
  t.assert.deepStrictEqual(await filter({ name: `r1' or true --` }), ['', 0])
})

test('each says how many items it has', async (t: TestContext) => {
  const shop = await bookshop()
  for (const uid of ['dune', 'emma', 'ulysses']) await shop.write(uid, uid)
  await shop.release([book('dune'), book('emma'), book('ulysses')], 'three')
  await shop.release([], 'none')
  await shop.release([book('dune')], 'one')
  const { releases } = await list(shop)
  t.assert.deepStrictEqual(
    releases.map(({ name, item_count }) => [name, item_count]),
    [
      ['one', 1],
      ['none', 0],
      ['three', 3],
    ],
  )
})

test('what was removed is in no list and in no count, and neither is what was published directly', async (t: TestContext) => {
  const shop = await bookshop()
  const { as, project_id, staging } = shop
  await shop.write('dune', 'Dune')
  const [kept, deployed, fresh] = [
    await shop.release([book('dune')], 'kept'),
    await shop.release([book('dune')], 'deployed'),
    await shop.release([book('dune')], 'fresh'),
  ]
  await requestOneShot(as.releaser, {
    project_id,
    branch: 'main',
    environment_ids: [staging],
    items: [book('dune')],
  })
  await requestDeployments(as.releaser, {
    project_id,
    release_id: deployed.id,
    environment_ids: [staging],
    dry_run: true,
  })
  await shop.ctx.db
    .updateTable('deployment')
    .set({ state: 'planned' })
    .where('release_id', '=', deployed.id)
    .execute()
  for (const { id } of [deployed, fresh]) await removeRelease(as.releaser, { project_id, release_id: id })
  for (const order of ['newest', 'updated'] as const) {
    const { releases, total } = await list(shop, { order, with_total: true })
    t.assert.deepStrictEqual([releases.map(({ id }) => id), total], [[kept.id], 1])
  }
})
