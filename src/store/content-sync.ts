import { sql, type RawBuilder } from 'kysely'
import type { JournalPlace } from './content-edition.ts'
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

/** `chain (code, depth)`: the fallbacks, nearest first. */
function chain({ fallbacks }: Followed): RawBuilder<unknown> {
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

/** One item that changed, as it is now. */
export interface FollowedChange {
  kind: 'entry' | 'asset'
  content_type_uid: string | null
  uid: string
  /** Under which it is served, or was. */
  locale: string
  state: 'published' | 'unpublished' | 'deleted'
  at: Date
  place: JournalPlace
  /** Where it is published. */
  view?: PublishedView
}

export interface ChangesPage {
  changes: FollowedChange[]
  /** How many are known to be left, this page included. */
  total: number
  /** From where to read on, and whether that is the end as it was now. */
  next: JournalPlace
  ended: boolean
}

type ChangeRow = Partial<PublishedRow> & {
  changed_uid: string | null
  changed_kind: 'entry' | 'asset'
  changed_type: string | null
  changed_locale: string
  state: FollowedChange['state']
  changed_at: Date
  ordinal: number
  position: number
  edition: string
  total: number
  read_ordinal: number | null
  read_position: number
  read_edition: string
  read_count: number
}

/**
 * What changed after a place of the journal, each item once, where it was changed last and as it is now. At most
 * `window` changes are looked at, so that a page costs the same however much has ever been published; what is
 * changed again behind them is left for then.
 */
export async function listChanges(
  db: Db,
  followed: Followed,
  { after, limit, window }: { after: JournalPlace; limit: number; window: number },
): Promise<ChangesPage> {
  const { environment_id, branch_id, branch, locales, content_types, assets, types } = followed
  const one = locales?.length === 1
  const resolved = followed.follow ? sql`true` : sql`i.kind = 'asset'`
  const asked = one
    ? sql`case when ${resolved} then ${locales[0]!} else journal.locale end`
    : sql`journal.locale`
  const inReach =
    locales === null
      ? sql`true`
      : sql`(journal.locale = any(${sql.val(locales)}::text[])
          or ${resolved} and journal.locale in (select code from chain))`
  const { rows } = await sql<ChangeRow>`
    with ${chain(followed)},
    journal as materialized (
      select e.ordinal, e.deployment_id, e.published_at, di.*
      from content_edition e cross join lateral (
        select d.position, split_part(d.item_key, '/', 1) as branch, split_part(d.item_key, '/', 2) as uid,
          split_part(d.item_key, '/', 3) as locale
        from deployment_item d
        where d.deployment_id = e.deployment_id and d.outcome = 'done'
          and d.position > case when e.ordinal = ${after.ordinal} then ${after.position} else -1 end
        order by d.position limit ${window}) di
      where e.environment_id = ${environment_id} and e.ordinal >= ${after.ordinal}
      order by e.ordinal, di.position limit ${window}
    ), item as materialized (
      select journal.*, i.id as item_id, i.kind, i.content_type_uid, i.deleted_at is not null as deleted,
        ${asked} as asked
      from journal join content_item i on i.branch_id = ${branch_id} and i.uid = journal.uid
      where journal.branch = ${branch} and ${inReach} and (i.kind = 'asset' and ${assets}::boolean
        or i.kind = 'entry' and coalesce(i.content_type_uid = any(${content_types}::text[]), true))
    ), latest as (
      select distinct on (item_id, asked) * from item order by item_id, asked, ordinal desc, position desc
    ), now as (
      select j.*, s.locale as live_locale,
        case when s.locale is not null then 'published' when j.deleted then 'deleted' else 'unpublished' end as state
      from latest j
      left join lateral (${liveNow(followed, environment_id)}) s on true
      where not exists (${changedLater(followed, environment_id)})
    ), page as (
      select now.*, count(*) over () as total from now
      where kind || '_' || state = any(${sql.val(types)}::text[])
      order by ordinal, position limit ${limit}
    ), read as (
      select ordinal, position, deployment_id, (select count(*) from journal) as count
      from journal order by ordinal desc, position desc limit 1
    )
    select read.ordinal as read_ordinal, read.position as read_position, read.deployment_id as read_edition,
      coalesce(read.count, 0) as read_count, page.uid as changed_uid, page.kind as changed_kind,
      page.content_type_uid as changed_type, page.asked as changed_locale, page.state,
      page.published_at as changed_at, page.ordinal, page.position, page.deployment_id as edition, page.total,
      ${view}
    from (values (1)) one left join read on true left join page on true
    left join content_published s on s.item_id = page.item_id and s.environment_id = ${environment_id}
      and s.locale = page.live_locale
    left join content_item i on i.id = s.item_id
    left join content_version v on v.item_id = s.item_id and v.locale = s.source_locale and v.version = s.version
    order by page.ordinal, page.position
  `.execute(db)
  return pageOf(rows, { after, limit, window })
}

/** What the asked locale's readers are served of `j`. */
function liveNow({ locales, follow }: Followed, environmentId: string): RawBuilder<unknown> {
  const own = sql`
    select p.locale from content_published p
    where p.item_id = j.item_id and p.environment_id = ${environmentId} and p.locale = j.asked`
  if (locales?.length !== 1) return own
  return sql`
    select p.locale from chain join content_published p
      on p.item_id = j.item_id and p.environment_id = ${environmentId} and p.locale = chain.code
    where chain.depth = 1 or j.kind = 'asset' or ${follow}::boolean
    order by chain.depth limit 1`
}

/** Whether what is live of `j` was changed by an edition behind the ones that were looked at. */
function changedLater({ locales, follow }: Followed, environmentId: string): RawBuilder<unknown> {
  const within =
    locales?.length === 1
      ? sql`(p.locale = j.asked or ((j.kind = 'asset' or ${follow}::boolean) and p.locale in (select code from chain)))`
      : sql`p.locale = j.asked`
  return sql`
    select from content_published p join content_edition e on e.deployment_id = p.deployment_id
    where p.item_id = j.item_id and p.environment_id = ${environmentId} and ${within} and e.ordinal > j.ordinal`
}

function pageOf(
  rows: readonly ChangeRow[],
  { after, limit, window }: { after: JournalPlace; limit: number; window: number },
): ChangesPage {
  const changes = rows.flatMap((row): FollowedChange[] => {
    if (row.changed_uid === null) return []
    const { state, ordinal, position, edition } = row
    return [
      {
        ...{ kind: row.changed_kind, content_type_uid: row.changed_type, uid: row.changed_uid },
        ...{ locale: row.changed_locale, state, at: row.changed_at },
        place: { ordinal, position, deployment_id: edition },
        ...(state === 'published' ? { view: asView(viewOf(row)) } : {}),
      },
    ]
  })
  const [first] = rows
  const total = changes.length > 0 ? (first?.total ?? 0) : 0
  if (total > limit) return { changes, total, next: changes.at(-1)!.place, ended: false }
  const { read_ordinal = null, read_position = 0, read_edition = '', read_count = 0 } = first ?? {}
  const next =
    read_ordinal === null
      ? after
      : { ordinal: read_ordinal, position: read_position, deployment_id: read_edition }
  return { changes, total, next, ended: read_count < window }
}

function viewOf(row: ChangeRow): PublishedRow {
  const {
    changed_uid: _u,
    changed_kind: _k,
    changed_type: _t,
    changed_locale: _l,
    changed_at: _a,
    ...rest
  } = row
  const { state: _s, ordinal: _o, position: _p, edition: _e, total: _n, ...more } = rest
  const { read_ordinal: _ro, read_position: _rp, read_edition: _re, read_count: _rc, ...view } = more
  return view as PublishedRow
}
