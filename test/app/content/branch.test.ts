import { describe, test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { createBranch } from '#app/content/create-branch.ts'
import { createEntry } from '#app/content/create-entry.ts'
import { listBranchAliases } from '#app/content/get-branch-alias.ts'
import { listBranches } from '#app/content/get-branch.ts'
import { listEntries } from '#app/content/list-entries.ts'
import { removeBranchAlias } from '#app/content/remove-branch-alias.ts'
import { removeBranch } from '#app/content/remove-branch.ts'
import { removeEntry } from '#app/content/remove-entry.ts'
import { setBranchAlias } from '#app/content/set-branch-alias.ts'
import { transact } from '#app/context.ts'
import { requestDeploymentsIn } from '#app/deployments/request-deployments.ts'
import { requestOneShot } from '#app/deployments/request-one-shot.ts'
import { requestRollback } from '#app/deployments/request-rollback.ts'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { addReleaseItems } from '#app/releases/add-release-items.ts'
import { createRelease } from '#app/releases/create-release.ts'
import { holdRelease } from '#app/releases/release-view.ts'
import { contentKey } from '#domain/content-key.ts'
import { isDomainError } from '#domain/errors.ts'
import {
  copyContentBranch,
  findContentBranch,
  insertContentBranch,
  listContentItemIds,
} from '#store/content-branch.ts'
import { contentHouse, principalOf, type ContentHouse } from './content-house.ts'

/** What of a branch is left in the store, by table. */
async function left({ ctx, project_id }: ContentHouse, branch: string): Promise<Record<string, number>> {
  const known = (await listBranches(ctx, { project_id })).map(({ id }) => id)
  const count = async (from: ReturnType<typeof sql>) => {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${from}`.execute(ctx.db)
    return rows[0]!.n
  }
  const others = sql`not (branch_id = any(${sql.val(known)}::uuid[]))`
  const orphan = sql`not exists (select from content_item i where i.id = item_id)`
  return {
    items: await count(sql`content_item where ${others}`),
    drafts: await count(sql`content_draft where ${others}`),
    versions: await count(sql`content_version where ${orphan}`),
    unique: await count(sql`content_unique where ${others}`),
    types: await count(sql`content_type where ${others}`),
    served: await count(sql`content_published where ${others}`),
    live: await count(sql`live where starts_with(item_key, ${`${branch}/`})`),
    releases: await count(sql`release where branch = ${branch} and not one_shot and removed_at is null`),
  }
}

const nothing = {
  ...{ items: 0, drafts: 0, versions: 0, unique: 0, types: 0, served: 0, live: 0, releases: 0 },
}

describe('a branch that is removed', () => {
  test('leaves nothing of itself but its history, which can be asked and not be rolled back to', async (t: TestContext) => {
    const house = await contentHouse(t)
    const { ctx, project_id, production, write, run } = house
    await write('blt1', { title: 'Home', seo: { slug: 'home' } })
    await write('blt2', { title: 'Other' })
    await createBranch(ctx, { project_id, uid: 'dev' })
    await createRelease(ctx, { project_id, branch: 'dev', name: 'Never deployed' })
    const items = ['blt1', 'blt2'].map((uid) => ({
      key: contentKey({ branch: 'dev', uid, locale: 'en-us' }),
      action: 'publish' as const,
    }))
    const where = { project_id, branch: 'dev', environment_ids: [production] }
    const [first] = await requestOneShot(ctx, { ...where, items })
    await t.assert.rejects(removeBranch(ctx, { project_id, uid: 'dev' }), (error) =>
      isDomainError(error, 'in_use'),
    )
    await run()
    const [second] = await requestOneShot(ctx, {
      ...where,
      items: [{ key: items[0]!.key, action: 'unpublish' }],
    })
    await run()
    t.assert.equal((await left(house, 'dev')).live, 2)
    await removeBranch(ctx, { project_id, uid: 'dev' })
    t.assert.deepEqual(await left(house, 'dev'), nothing)
    t.assert.equal((await getDeployment(ctx, { deployment_id: first!.id })).state, 'succeeded')
    t.assert.equal((await listEntries(ctx, { ...house.page, limit: 9, with_total: true })).total, 2)

    // What it published cannot come back: whoever tries is told, and nothing breaks.
    const back = await requestRollback(ctx, {
      ...{ project_id, environment_id: production, deployment_id: second!.id },
      reason: 'try',
    }).catch((error: unknown) => error)
    if (back instanceof Error) t.assert.ok(isDomainError(back, 'nothing_to_roll_back'), String(back))
    await run()
    t.assert.deepEqual(await left(house, 'dev'), nothing)

    await createBranch(ctx, { project_id, uid: 'dev' })
    const fresh = { ...house.page, branch: 'dev' }
    t.assert.equal((await listEntries(ctx, { ...fresh, limit: 9, with_total: true })).total, 2)
  })
})

describe('a branch that goes while something is asked of it', () => {
  test('waits for a deployment that is being requested, and stays', async (t: TestContext) => {
    const house = await contentHouse(t)
    const { ctx, project_id, production: environment_id, write } = house
    await write('blt1', { title: 'Home' })
    await createBranch(ctx, { project_id, uid: 'dev' })
    const { id: release_id } = await createRelease(ctx, { project_id, branch: 'dev', name: 'R' })
    const items = [{ key: 'dev/blt1/en-us', action: 'publish' as const }]
    await addReleaseItems(ctx, { project_id, release_id, items })
    let removal: Promise<unknown> | undefined
    const [asked] = await transact(ctx, async (unit) => {
      const release = await holdRelease(unit.tx, project_id, release_id)
      const made = await requestDeploymentsIn(ctx, unit, release, {
        ...{ project_id, release_id, environment_ids: [environment_id] },
      })
      removal = removeBranch(ctx, { project_id, uid: 'dev' }).catch((error: unknown) => error)
      // Long enough for the removal to come as far as it comes.
      await sleep(300)
      return made
    })
    t.assert.ok(isDomainError(await removal, 'in_use'))
    t.assert.equal((await getDeployment(ctx, { deployment_id: asked!.id })).state, 'queued')
  })

  test('is copied as it is, whatever is deleted meanwhile', async (t: TestContext) => {
    const house = await contentHouse(t)
    const { ctx, project_id, page, write } = house
    await write('blt1', { title: 'Stays' })
    await write('blt2', { title: 'Goes' })
    let deletion: Promise<unknown> | undefined
    await transact(ctx, async (unit) => {
      const from = (await findContentBranch(unit.tx, { project_id, uid: 'main' }))!
      const to = { ...from, id: ctx.newId(), uid: 'dev', source: 'main' }
      await insertContentBranch(unit.tx, to)
      const items = await listContentItemIds(unit.tx, from.id)
      // Only where others can write at the same time.
      deletion = removeEntry(ctx, { ...page, uid: 'blt2', locales: 'all' })
      await Promise.race([deletion, sleep(300)])
      const copies = items.map((id) => ({ old: id, new: ctx.newId() }))
      await copyContentBranch(unit.tx, { from: from.id, to: to.id, types: [], items: copies })
    })
    await deletion
    const { rows } = await sql<{ lost: number }>`
      select count(*)::int as lost from content_item i where i.deleted_at is null
        and not exists (select from content_draft d where d.item_id = i.id)`.execute(ctx.db)
    t.assert.equal(rows[0]!.lost, 0, 'an item without anything written')
  })
})

describe('names of branches', () => {
  test('mean one thing, whoever gives them at once', async (t: TestContext) => {
    const { ctx, project_id } = await contentHouse(t)
    for (let n = 0; n < 5; n += 1) {
      const uid = `n${n}`
      const tries = await Promise.allSettled([
        createBranch(ctx, { project_id, uid }),
        setBranchAlias(ctx, { project_id, uid, branch: 'main' }),
        createBranch(ctx, { project_id, uid }),
      ])
      t.assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1)
      const branches = (await listBranches(ctx, { project_id })).filter((one) => one.uid === uid)
      const aliases = (await listBranchAliases(ctx, { project_id })).filter((one) => one.uid === uid)
      t.assert.equal(branches.length + aliases.length, 1)
    }
  })

  test('are moved and taken away only by who reaches the branch that they name', async (t: TestContext) => {
    const { ctx, project_id } = await contentHouse(t)
    await createBranch(ctx, { project_id, uid: 'dev' })
    await setBranchAlias(ctx, { project_id, uid: 'live', branch: 'main' })
    const dev = principalOf(ctx, { grants: [{ project_id, role: 'admin' }], branches: ['dev'] })
    const forbidden = (error: unknown) => isDomainError(error, 'forbidden')
    await t.assert.rejects(setBranchAlias(dev, { project_id, uid: 'live', branch: 'dev' }), forbidden)
    await t.assert.rejects(removeBranchAlias(dev, { project_id, uid: 'live' }), forbidden)
    await setBranchAlias(dev, { project_id, uid: 'next', branch: 'dev' })
    await removeBranchAlias(dev, { project_id, uid: 'next' })
    const [left] = await listBranchAliases(ctx, { project_id })
    t.assert.deepEqual([left?.uid, left?.branch], ['live', 'main'])
  })

  test('are free or taken, whatever is written while a branch goes', async (t: TestContext) => {
    const house = await contentHouse(t)
    const { ctx, project_id, page } = house
    for (let n = 0; n < 5; n += 1) {
      await createBranch(ctx, { project_id, uid: 'dev' })
      const writing = ['a', 'b', 'c'].map((uid) =>
        createEntry(ctx, { ...page, branch: 'dev', uid: `blt${uid}${n}`, data: { title: `${uid}${n}` } }),
      )
      const tries = await Promise.allSettled([...writing, removeBranch(ctx, { project_id, uid: 'dev' })])
      for (const one of tries)
        if (one.status === 'rejected') t.assert.ok(isDomainError(one.reason, 'not_found'), String(one.reason))
      t.assert.equal(tries.at(-1)?.status, 'fulfilled')
      t.assert.deepEqual(await left(house, 'dev'), nothing)
    }
  })
})
