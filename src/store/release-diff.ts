import { sql, type RawBuilder } from 'kysely'
import type { Db } from './database.ts'
import { pinned, type PinnedIn } from './pinned.ts'

export type Difference = 'added' | 'removed' | 'changed' | 'same'

export interface DiffRow {
  key: string
  kind: string
  title: string
  /** The versions on either side; null: not there, or to go. */
  here: string | null
  there: string | null
  /** What is live may be anything. */
  uncertain: boolean
  change: Difference
}

export interface DiffPage {
  /** Only these; all that differs when left out. */
  change?: Difference
  limit: number
  /** The key after which the page begins. */
  after?: string
}

/** What is pinned here beside what is pinned there, by key. */
export function diffPinned(db: Db, here: PinnedIn, there: PinnedIn, page: DiffPage): Promise<DiffRow[]> {
  return listPage(
    db,
    sql`
      select coalesce(h.key, t.key) as key, coalesce(h.kind, t.kind) as kind, coalesce(h.title, t.title) as title,
        h.version as here, t.version as there, false as uncertain,
        case when t.key is null then 'added' when h.key is null then 'removed'
          when (h.action, h.version) is distinct from (t.action, t.version) then 'changed' else 'same' end as change
      from ${pinned(here)} h full join ${pinned(there)} t on t.key = h.key`,
    page,
  )
}

/** What is pinned beside what is live, by key; for a whole state with what is live and not named: it would go. */
export function diffLive(
  db: Db,
  here: PinnedIn,
  { environment_id, whole }: { environment_id: string; whole: boolean },
  page: DiffPage,
): Promise<DiffRow[]> {
  const unnamed = sql`
    union all
    select l.item_key, l.kind, l.title, null, l.version, l.uncertain, 'removed' from live l
    where l.environment_id = ${environment_id} and (l.version is not null or l.uncertain)
      and not exists (select from named where named.key = l.item_key)`
  return listPage(
    db,
    sql`
      with named as materialized (select * from ${pinned(here)} p)
      select n.key, n.kind, n.title, n.version as here, l.version as there, coalesce(l.uncertain, false) as uncertain,
        case when n.version is not distinct from l.version and not coalesce(l.uncertain, false) then 'same'
          when l.version is null and not coalesce(l.uncertain, false) then 'added'
          when n.version is null then 'removed' else 'changed' end as change
      from named n left join live l on l.environment_id = ${environment_id} and l.item_key = n.key
      ${whole ? unnamed : sql``}`,
    page,
  )
}

async function listPage(db: Db, relation: RawBuilder<unknown>, page: DiffPage): Promise<DiffRow[]> {
  const { change, limit, after } = page
  const { rows } = await sql<DiffRow>`
    select * from (${relation}) diff
    where ${change ? sql`change = ${change}` : sql`change <> 'same'`}
      and ${after === undefined ? sql`true` : sql`key > ${after}`}
    order by key limit ${limit}
  `.execute(db)
  return rows
}
