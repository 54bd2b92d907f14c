import { sql } from 'kysely'
import type { Db } from './database.ts'

/** One place where an item is live. */
export interface PublishDetail {
  environment_id: string
  environment_name: string
  /** Under which readers ask for it, and in which the version is written. */
  locale: string
  source_locale: string
  version: number
  published_by: string | null
  published_at: Date
}

/** Where items are live, by environment and locale; deleted items too, as long as they are served. */
export async function listPublishDetails(
  db: Db,
  { branch_id, uids }: { branch_id: string; uids: readonly string[] },
): Promise<(PublishDetail & { uid: string })[]> {
  const { rows } = await sql<PublishDetail & { uid: string }>`
    select i.uid, p.environment_id, e.name as environment_name, p.locale, p.source_locale, p.version,
      p.published_by, p.published_at
    from content_item i
    join content_published p on p.item_id = i.id
    join environment e on e.id = p.environment_id
    where i.branch_id = ${branch_id} and i.uid = any(${uids}::text[])
    order by e.position, e.id, p.locale
  `.execute(db)
  return rows
}
