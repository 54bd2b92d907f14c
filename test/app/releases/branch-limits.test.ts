import { test, type TestContext } from 'node:test'
import { asPrincipal, type Context } from '#app/context.ts'
import { requestDeployments } from '#app/deployments/request-deployments.ts'
import { requestOneShot } from '#app/deployments/request-one-shot.ts'
import { addReleaseItems } from '#app/releases/add-release-items.ts'
import { cloneRelease } from '#app/releases/clone-release.ts'
import { createRelease } from '#app/releases/create-release.ts'
import { getRelease } from '#app/releases/get-release.ts'
import { listReleaseItems } from '#app/releases/list-release-items.ts'
import { listReleases } from '#app/releases/list-releases.ts'
import { refreshReleaseItems } from '#app/releases/refresh-release-items.ts'
import { removeRelease } from '#app/releases/remove-release.ts'
import { removeReleaseItems } from '#app/releases/remove-release-items.ts'
import { updateRelease } from '#app/releases/update-release.ts'
import { answerOf } from '../refusal.ts'
import { book, bookshop, type Bookshop } from './bookshop.ts'

/** Everything that can be done with a release, once each. */
function uses({ project_id, staging }: Bookshop, release_id: string, branch: string) {
  const its = { project_id, release_id }
  const items = [{ key: `${branch}/dune/en-us`, action: 'publish' as const }]
  return {
    get: (ctx: Context) => getRelease(ctx, its),
    items: (ctx: Context) => listReleaseItems(ctx, its),
    update: (ctx: Context) => updateRelease(ctx, { ...its, name: 'New' }),
    lock: (ctx: Context) => updateRelease(ctx, { ...its, locked: true }),
    unlock: (ctx: Context) => updateRelease(ctx, { ...its, locked: false }),
    add: (ctx: Context) => addReleaseItems(ctx, { ...its, items }),
    refresh: (ctx: Context) => refreshReleaseItems(ctx, its),
    clone: (ctx: Context) => cloneRelease(ctx, { ...its, name: 'Again' }),
    request: (ctx: Context) => requestDeployments(ctx, { ...its, environment_ids: [staging], dry_run: true }),
    oneShot: (ctx: Context) => requestOneShot(ctx, { project_id, branch, environment_ids: [staging], items }),
    take: (ctx: Context) => removeReleaseItems(ctx, { ...its, keys: ['x'] }),
    list: (ctx: Context) => listReleases(ctx, { project_id, branch, order: 'newest', limit: 1 }),
    create: (ctx: Context) => createRelease(ctx, { project_id, branch, name: 'New' }),
  }
}

test('a token that is bound to a branch does nothing with the releases of another', async (t: TestContext) => {
  const shop = await bookshop(t)
  const { ctx, as, project_id } = shop
  await shop.write('dune', 'Dune')
  const bound = asPrincipal(ctx, { ...as.admin.principal!, branches: ['main'] })
  const main = await shop.release([book('dune')])
  for (const [name, use] of Object.entries(uses(shop, main.id, 'main')))
    t.assert.strictEqual(await answerOf(() => use(bound)), 'done', name)

  const next = await createRelease(ctx, { project_id, branch: 'next', name: 'Next' })
  for (const [name, use] of Object.entries(uses(shop, next.id, 'next')))
    t.assert.strictEqual(await answerOf(() => use(bound)), 'forbidden', name)
  const remove = (who: Context, release_id: string) =>
    answerOf(() => removeRelease(who, { project_id, release_id }))
  t.assert.strictEqual(await remove(bound, next.id), 'forbidden')
  t.assert.strictEqual(await remove(ctx, next.id), 'done')
})

test('in a list of all branches a token that is bound sees its own only', async (t: TestContext) => {
  const shop = await bookshop(t)
  const { ctx, as, project_id } = shop
  await shop.release([], 'one')
  await createRelease(ctx, { project_id, branch: 'next', name: 'two' })
  await createRelease(ctx, { project_id, branch: null, name: 'three' })
  const list = async (branches: string[] | null) => {
    const who = asPrincipal(ctx, { ...as.viewer.principal!, branches })
    const { releases, total } = await listReleases(who, {
      project_id,
      order: 'newest',
      limit: 10,
      with_total: true,
    })
    return [...releases.map(({ name }) => name), total]
  }
  t.assert.deepStrictEqual(await list(null), ['three', 'two', 'one', 3])
  t.assert.deepStrictEqual(await list(['main']), ['three', 'one', 2])
  t.assert.deepStrictEqual(await list(['next', 'main']), ['three', 'two', 'one', 3])
  t.assert.deepStrictEqual(await list([]), ['three', 1])
})
