import { test, type TestContext } from 'node:test'
import { createContentType } from '#app/content/create-content-type.ts'
import { createEntry } from '#app/content/create-entry.ts'
import { removeContentType } from '#app/content/remove-content-type.ts'
import { removeEntry } from '#app/content/remove-entry.ts'
import { claimContentItem, removeContentItems } from '#store/content-item.ts'
import { insertContentTypeRemoval, listContentTypeRemovals } from '#store/content-type-removal.ts'
import { sharePublishing } from '#store/publishing-hold.ts'
import { testStore } from '../../fresh-store.ts'
import { contentHouse, pageFields } from './content-house.ts'
import { everything, Follower, served, sorted, unlessMissing } from './follower.ts'

const onPostgres = { skip: testStore !== 'postgres' && 'transactions do not overlap on PGlite' }

test(
  'nothing is missed while deployments, deletions and removals of types overlap',
  onPostgres,
  async (t: TestContext) => {
    const house = await contentHouse(t)
    const { ctx, page, place, write, publish, run, production, staging } = house
    const uids = Array.from({ length: 30 }, (_, n) => `p${n}`)
    for (const uid of uids) await write(uid, { title: uid })
    const client = new Follower(house, { limit: 7 })
    let busy = true
    const follow = async () => {
      while (busy) await client.step()
    }
    const deploy = async (environment: string, shift: number) => {
      for (let n = 0; n < 12; n += 1) {
        const some = uids.filter((_, at) => (at + n * shift) % 3 !== 0)
        await publish(
          some.map((uid, at) => ({ uid, action: (at + n) % 4 === 0 ? 'unpublish' : 'publish' })),
          [environment],
        ).catch(unlessMissing)
      }
    }
    const remove = async () => {
      for (const uid of uids.slice(20)) await removeEntry(ctx, { ...page, uid, locales: 'all' })
    }
    const types = async () => {
      for (const uid of ['x', 'y', 'z', 'w']) {
        await createContentType(ctx, { ...place, uid, title: uid, fields: pageFields })
        await createEntry(ctx, { ...place, content_type_uid: uid, uid: `of-${uid}`, data: { title: uid } })
        await removeContentType(ctx, { ...place, uid, force: true })
      }
    }
    const following = follow()
    await Promise.all([deploy(staging, 1), deploy(production, 2), remove(), types()])
    await run()
    busy = false
    await following
    await client.catchUp()
    t.assert.deepEqual(sorted(client.copy), sorted(await served(house, everything)))
  },
)

test(
  'what is being deleted is not published, and what is being published is seen by who deletes',
  onPostgres,
  async (t: TestContext) => {
    const house = await contentHouse(t)
    const {
      ctx,
      page,
      place,
      write,
      publish,
      house: { db },
    } = house
    for (const uid of ['gone', 'seen']) await write(uid, { title: uid })
    const later = <T>(work: Promise<T>) =>
      Promise.race([work.then(() => 'done'), new Promise((resolve) => setTimeout(resolve, 300, 'waits'))])

    let published: ReturnType<typeof publish> | undefined
    await db.transaction().execute(async (tx) => {
      const item = await claimContentItem(tx, { ...place, uid: 'gone' }, 'entry', 'delete')
      published = publish([{ uid: 'gone' }])
      t.assert.equal(await later(published), 'waits')
      await removeContentItems(tx, [item!.id], ctx.now())
    })
    t.assert.equal((await published!).state, 'failed')

    let deleted: Promise<unknown> | undefined
    await publish([{ uid: 'seen' }])
    await db.transaction().execute(async (tx) => {
      await sharePublishing(tx, place.project_id)
      deleted = removeEntry(ctx, { ...page, uid: 'seen', locales: 'all' })
      t.assert.equal(await later(deleted), 'waits')
    })
    t.assert.deepEqual(await deleted, { unpublished_from: [house.staging] })
    await house.run()
    t.assert.deepEqual([...(await served(house, everything)).keys()], [])
  },
)

test(
  'a number that a transaction took does not become visible before a lower one',
  onPostgres,
  async (t: TestContext) => {
    const { house, project_id } = await contentHouse(t)
    const branch = await house.db
      .selectFrom('content_branch')
      .select('id')
      .where('project_id', '=', project_id)
      .executeTakeFirstOrThrow()
    const at = house.now()
    const removal = (uid: string) => ({ branch_id: branch.id, uid, at })
    const seen: string[][] = []
    const look = async () => {
      const rows = await listContentTypeRemovals(house.db, branch.id, { after: 0, limit: 10 })
      seen.push(rows.map(({ content_type_uid: uid }) => uid))
    }
    let second: Promise<void> | undefined
    await house.db.transaction().execute(async (first) => {
      await insertContentTypeRemoval(first, removal('first'))
      second = house.db.transaction().execute((tx) => insertContentTypeRemoval(tx, removal('second')))
      await Promise.race([second, new Promise((resolve) => setTimeout(resolve, 200))])
      await look()
    })
    await second
    await look()
    t.assert.deepEqual(seen, [[], ['first', 'second']])
  },
)
