import { sql } from 'kysely'
import type { Db } from './database.ts'
import { pinned, type PinnedIn } from './pinned.ts'

export interface PresenceRow {
  environment_id: string
  environment_name: string
  items: number
  there: number
  uncertain: number
  others: number
}

/** How much of what is pinned is live in each environment, in pipeline order; `others` is counted for a whole state. */
export async function listPresence(
  db: Db,
  place: PinnedIn,
  { environment_ids, whole }: { environment_ids: readonly string[]; whole: boolean },
): Promise<PresenceRow[]> {
  const others = sql`(
    select count(*) from live l where l.environment_id = e.id and (l.version is not null or l.uncertain)
      and not exists (select from named where named.key = l.item_key))`
  const { rows } = await sql<PresenceRow>`
    with named as materialized (select * from ${pinned(place)} p)
    select e.id as environment_id, e.name as environment_name, count(n.key) as items,
      count(n.key) filter (where l.version is not distinct from n.version and not coalesce(l.uncertain, false)) as there,
      count(*) filter (where l.uncertain) as uncertain, ${whole ? others : sql`0`} as others
    from environment e
    left join named n on true
    left join live l on l.environment_id = e.id and l.item_key = n.key
    where e.id = any(${environment_ids}::uuid[])
    group by e.id order by e.position, e.id
  `.execute(db)
  return rows
}
