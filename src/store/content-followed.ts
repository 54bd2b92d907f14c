import { sql, type RawBuilder } from 'kysely'
import { asView, view, type PublishedRow, type PublishedView } from './content-published.ts'
import type { Db } from './database.ts'

/** What of an environment somebody follows. */
export interface Followed {
  environment_id: string
  branch_id: string
  /** Its name: keys of items begin with it. */
  branch: string
  /** Under which locales things are served; null: all. */
  locales: readonly string[] | null
  /** These and all that they fall back to, nearest first: assets of any of them are served. */
  fallbacks: readonly string[]
  /** One locale as its readers find it: entries of its fallbacks stand in, too. */
  follow: boolean
  /** Entries of these types only; null: all. */
  content_types: readonly string[] | null
  assets: boolean
  /** `entry_published`, `asset_deleted` and the like: what is told of. */
  types: readonly string[]
}

/** A place in the order of what is live. */
export interface LivePlace {
  kind: 'entry' | 'asset'
  content_type_uid: string
  locale: string
  id: string
}

/** What is live, in an order that publishing does not change: a page after a place. */
export async function listFollowed(
  db: Db,
  followed: Followed,
  { after, limit }: { after?: LivePlace; limit: number },
): Promise<PublishedView[]> {
  const assets = sql`
    select s.* from (${standing(followed, 'asset')}) s
    where ${after?.kind !== 'entry'}::boolean
      and (s.locale, s.item_id) > (${after?.locale ?? ''}, ${after?.id ?? nil}::uuid)
    order by s.locale, s.item_id limit ${limit}`
  const entries = sql`
    select s.* from (${standing(followed, 'entry')}) s
    where (s.content_type_uid, s.locale, s.item_id) > ${
      after?.kind === 'entry'
        ? sql`(${after.content_type_uid}, ${after.locale}, ${after.id}::uuid)`
        : sql`('', '', ${nil}::uuid)`
    }
    order by s.content_type_uid, s.locale, s.item_id limit ${limit}`
  const { rows } = await sql<PublishedRow>`
    with ${chain(followed)}
    select ${view}
    from ((${assets}) union all (${entries})) s
    join content_item i on i.id = s.item_id
    join content_version v on v.item_id = s.item_id and v.locale = s.source_locale and v.version = s.version
    order by s.kind, s.content_type_uid, s.locale, s.item_id limit ${limit}
  `.execute(db)
  return rows.map(asView)
}

export async function countFollowed(db: Db, followed: Followed): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with ${chain(followed)}
    select (select count(*) from (${standing(followed, 'asset')}) s)
      + (select count(*) from (${standing(followed, 'entry')}) s) as count
  `.execute(db)
  return rows[0]!.count
}

const nil = '00000000-0000-0000-0000-000000000000'

/** `chain (code, depth)` for a `with`: the fallbacks, nearest first. */
export function chain({ fallbacks }: Followed): RawBuilder<unknown> {
  return sql`chain (code, depth) as (
    select code, depth from unnest(${sql.val(fallbacks)}::text[]) with ordinality as known (code, depth))`
}

/** Whether a locale's readers find what stands in its fallbacks instead: always of assets, of entries if asked. */
function resolves({ locales, follow }: Followed, kind: 'entry' | 'asset'): boolean {
  return locales?.length === 1 && (follow || kind === 'asset')
}

/** The rows of `content_published` that are followed, of one kind. */
function standing(followed: Followed, kind: 'entry' | 'asset'): RawBuilder<unknown> {
  const { environment_id, branch_id, locales, content_types } = followed
  const tests = [
    sql`s.environment_id = ${environment_id}`,
    sql`s.branch_id = ${branch_id}`,
    sql`s.kind = ${kind}`,
    sql`${told(followed, `${kind}_published`)}::boolean`,
  ]
  if (kind === 'entry' && content_types)
    tests.push(sql`s.content_type_uid = any(${sql.val(content_types)}::text[])`)
  if (kind === 'asset') tests.push(sql`s.content_type_uid is null`, sql`${followed.assets}::boolean`)
  if (resolves(followed, kind))
    tests.push(sql`exists (
      select from chain here where here.code = s.locale and not exists (
        select from chain nearer join content_published other on other.item_id = s.item_id
          and other.environment_id = s.environment_id and other.locale = nearer.code
        where nearer.depth < here.depth))`)
  else if (locales) tests.push(sql`s.locale = any(${ownLocales(kind, locales)})`)
  return sql`select s.* from content_published s where ${sql.join(tests, sql` and `)}`
}

function ownLocales(kind: 'entry' | 'asset', locales: readonly string[]): RawBuilder<unknown> {
  return kind === 'asset' ? sql`array(select code from chain)` : sql`${sql.val(locales)}::text[]`
}

function told({ types }: Followed, type: string): boolean {
  return types.includes(type)
}
