import { sql } from 'kysely'
import type { Task } from '#executors/contract.ts'
import type { Change } from '#domain/plan.ts'
import type { Db } from '#store/database.ts'
import type { ContentHouse } from '../../app/content/content-house.ts'

/** Entries `blt1` to `blt<count>` of type page, each at two versions in the master locale. */
export async function seedEntries({ ctx, write }: ContentHouse, count: number): Promise<void> {
  await write('blt0', { title: 'Zero', url: '/0' })
  await sql`
    insert into content_item (id, branch_id, uid, kind, content_type_uid, created_at)
    select gen_random_uuid(), branch_id, 'blt' || n, kind, content_type_uid, created_at
    from content_item, generate_series(1, ${count}::int) n where uid = 'blt0'`.execute(ctx.db)
  await sql`
    insert into content_version (item_id, locale, version, title, data, type_version, created_at)
    select i.id, v.locale, n, i.uid, v.data, v.type_version, v.created_at
    from content_item i, content_version v, generate_series(1, 2) n where i.uid <> 'blt0' and v.title = 'Zero'`.execute(
    ctx.db,
  )
  await sql`
    insert into content_draft (item_id, locale, branch_id, kind, content_type_uid, version, title, updated_at)
    select i.id, d.locale, d.branch_id, d.kind, d.content_type_uid, 2, i.uid, d.updated_at
    from content_item i, content_draft d where i.uid <> 'blt0' and d.title = 'Zero'`.execute(ctx.db)
  await sql`analyze content_item, content_version, content_draft`.execute(ctx.db)
}

/** A task of a content project, as the engine hands it to the executor. */
export function taskOf(
  { ctx, project_id, staging }: ContentHouse,
  items: Task['items'],
  live: Task['live'] = [],
): Task {
  return {
    deployment_id: ctx.newId(),
    project_id,
    environment_id: staging,
    requested_by: null,
    scope: 'change_set',
    items,
    live,
    forced: false,
  }
}

/** A stored plan with these changes, as the engine leaves it before it applies it. */
export async function storePlan(
  { ctx, project_id, staging }: ContentHouse,
  changes: readonly Change[],
): Promise<string> {
  const at = ctx.now()
  const [release, revision, plan] = [ctx.newId(), ctx.newId(), ctx.newId()]
  await sql`
    insert into release (id, project_id, name, created_at, updated_at) values (${release}, ${project_id}, '', ${at}, ${at})
  `.execute(ctx.db)
  await sql`
    insert into revision (id, project_id, release_id, number, digest, scope, items, item_count, created_at)
    values (${revision}, ${project_id}, ${release}, 1, 'sha256:0', 'change_set', '[]', 0, ${at})`.execute(
    ctx.db,
  )
  await sql`
    insert into plan (id, environment_id, revision_id, digest, changes, created_at)
    values (${plan}, ${staging}, ${revision}, 'sha256:0', ${JSON.stringify(changes)}::jsonb, ${at})`.execute(
    ctx.db,
  )
  return plan
}

/** The store, counting the statements that go to it. */
export function counting(db: Db): { db: Db; statements: () => number } {
  let count = 0
  const counted = db.withPlugin({
    transformQuery: ({ node }) => {
      count += 1
      return node
    },
    transformResult: async ({ result }) => result,
  })
  return { db: counted, statements: () => count }
}
