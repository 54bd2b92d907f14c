import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Db } from '#store/database.ts'

/** Two releases over the same items, so that each deploy of one after the other changes every item. */
export interface Pair {
  count: number
  releases: [string, string]
}

/**
 * `count` entries with two versions in each locale, and two releases that pin the first and the second of all.
 * Straight into the store.
 */
export async function fill(db: Db, count: number, locales: readonly string[] = ['en-us']): Promise<Pair> {
  const project = await db
    .selectFrom('project')
    .select('id')
    .where('key', '=', 'site')
    .executeTakeFirstOrThrow()
  const branch = await db
    .selectFrom('content_branch')
    .select('id')
    .where('project_id', '=', project.id)
    .executeTakeFirstOrThrow()
  await ensureType(db, branch.id)
  await ensureLocales(db, project.id, locales)
  const prefix = `b${count}l${locales.length}x`
  await sql`
    insert into content_item (id, branch_id, uid, kind, content_type_uid, created_at)
    select gen_random_uuid(), ${branch.id}::uuid, ${prefix}::text || n, 'entry', 'page', now()
    from generate_series(1, ${count}::int) n
  `.execute(db)
  await sql`
    insert into content_version (item_id, locale, version, title, data, type_version, created_at)
    select id, code, v, uid, jsonb_build_object('title', uid, 'body', repeat('lorem ipsum ', 20)), 1, now()
    from content_item, generate_series(1, 2) v, unnest(${locales}::text[]) code where uid like ${`${prefix}%`}
  `.execute(db)
  await sql`
    insert into content_draft (item_id, branch_id, kind, content_type_uid, locale, version, title, updated_at)
    select id, branch_id, kind, content_type_uid, code, 2, uid, now()
    from content_item, unnest(${locales}::text[]) code where uid like ${`${prefix}%`}
  `.execute(db)
  const releases: string[] = []
  for (const version of [1, 2]) {
    const id = uuidv7()
    releases.push(id)
    await sql`
      insert into release (id, project_id, branch, name, created_at, updated_at)
      values (${id}::uuid, ${project.id}::uuid, 'main', ${`${count} at ${version}`}, now(), now())
    `.execute(db)
    await sql`
      insert into release_item (release_id, item_key, kind, action, version, title, created_at)
      select ${id}::uuid, 'main/' || uid || '/' || code, 'page', 'publish', ${String(version)}, uid, now()
      from content_item, unnest(${locales}::text[]) code where uid like ${`${prefix}%`} order by uid, code
    `.execute(db)
  }
  await sql`analyze`.execute(db)
  return { count, releases: [releases[0]!, releases[1]!] }
}

async function ensureLocales(db: Db, projectId: string, locales: readonly string[]): Promise<void> {
  await sql`
    insert into content_locale (id, project_id, code, name, fallback_code, created_at, updated_at)
    select gen_random_uuid(), ${projectId}::uuid, code, code, 'en-us', now(), now()
    from unnest(${locales}::text[]) code
    on conflict do nothing
  `.execute(db)
}

async function ensureType(db: Db, branchId: string): Promise<void> {
  const text = { type: 'text', mandatory: false, unique: false, multiple: false, non_localizable: false }
  const fields = [
    { ...text, uid: 'title', name: 'Title', mandatory: true },
    { ...text, uid: 'body', name: 'Body' },
  ]
  await sql`
    insert into content_type (id, branch_id, uid, title, version, fields, created_at, updated_at)
    values (gen_random_uuid(), ${branchId}::uuid, 'page', 'Page', 1, ${JSON.stringify(fields)}::jsonb, now(), now())
    on conflict do nothing
  `.execute(db)
}
