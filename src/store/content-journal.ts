import { sql, type RawBuilder } from 'kysely'
import type { JournalPlace } from './content-edition.ts'
import { chain, type Followed } from './content-followed.ts'
import { asView, view, type PublishedRow, type PublishedView } from './content-published.ts'
import type { Db } from './database.ts'

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
    ), read as materialized (
      select ordinal, position, deployment_id, (select count(*) from journal) as count
      from journal order by ordinal desc, position desc limit 1
    ), cut_off as materialized (${cutOff(followed, window)}
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
        and not (j.ordinal = (select ordinal from read) and (j.kind = 'asset' or ${followed.follow}::boolean)
          and j.uid in (select uid from cut_off))
    ), page as (
      select now.*, count(*) over () as total from now
      where kind || '_' || state = any(${sql.val(types)}::text[])
      order by ordinal, position limit ${limit}
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

/** Whether `j` was changed again by an edition behind the ones that were looked at: it is told of there. */
function changedLater({ branch, locales, follow }: Followed, environmentId: string): RawBuilder<unknown> {
  const own = sql`array[${branch} || '/' || j.uid || '/' || j.asked]`
  const keys =
    locales?.length === 1
      ? sql`case when j.kind = 'asset' or ${follow}::boolean
          then array(select ${branch} || '/' || j.uid || '/' || code from chain) else ${own} end`
      : own
  return sql`
    select from live l join content_edition e on e.deployment_id = l.deployment_id
    where l.environment_id = ${environmentId} and l.item_key = any(${keys}) and e.ordinal > j.ordinal`
}

/**
 * Uids of what the edition changes behind the last change that was looked at. What a locale's readers are served can
 * change more than once in an edition: by that locale and by one that it falls back to.
 */
function cutOff({ branch, locales }: Followed, window: number): RawBuilder<unknown> {
  return sql`
    select split_part(d.item_key, '/', 2) as uid
    from read join deployment_item d on d.deployment_id = read.deployment_id and d.position > read.position
    where ${locales?.length === 1}::boolean and read.count >= ${window} and d.outcome = 'done'
      and split_part(d.item_key, '/', 1) = ${branch} and split_part(d.item_key, '/', 3) in (select code from chain)`
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
