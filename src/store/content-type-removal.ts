import { sql, type GeneratedAlways, type Selectable } from 'kysely'
import type { Db } from './database.ts'

/** A content type that went, for clients that follow what is published. */
export interface ContentTypeRemovalTable {
  branch_id: string
  ordinal: GeneratedAlways<number>
  content_type_uid: string
  removed_at: Date
}

export type ContentTypeRemoval = Omit<Selectable<ContentTypeRemovalTable>, 'branch_id'>

/**
 * Holds the branch before it takes a number, until the transaction ends: numbers of a branch become visible in their
 * order, so that who has read up to one misses nothing below it.
 */
export async function insertContentTypeRemoval(
  db: Db,
  { branch_id, uid, at }: { branch_id: string; uid: string; at: Date },
): Promise<void> {
  await sql`
    with held as materialized (select id from content_branch where id = ${branch_id} for no key update)
    insert into content_type_removal (branch_id, content_type_uid, removed_at)
    select id, ${uid}, ${at}::timestamptz from held
  `.execute(db)
}

/** In the order in which they went, after a number. */
export function listContentTypeRemovals(
  db: Db,
  branchId: string,
  { after, limit }: { after: number; limit: number },
): Promise<ContentTypeRemoval[]> {
  return db
    .selectFrom('content_type_removal')
    .select(['ordinal', 'content_type_uid', 'removed_at'])
    .where('branch_id', '=', branchId)
    .where('ordinal', '>', after)
    .orderBy('ordinal')
    .limit(limit)
    .execute()
}

/** The last that went, before a time where one is given. */
export function findLastContentTypeRemoval(
  db: Db,
  branchId: string,
  before?: Date,
): Promise<ContentTypeRemoval | undefined> {
  let query = db
    .selectFrom('content_type_removal')
    .select(['ordinal', 'content_type_uid', 'removed_at'])
    .where('branch_id', '=', branchId)
    .orderBy('ordinal', 'desc')
    .limit(1)
  if (before) query = query.where('removed_at', '<', before)
  return query.executeTakeFirst()
}

export async function hasContentTypeRemoval(
  db: Db,
  branchId: string,
  { ordinal, content_type_uid }: Pick<ContentTypeRemoval, 'ordinal' | 'content_type_uid'>,
): Promise<boolean> {
  const found = await db
    .selectFrom('content_type_removal')
    .select('ordinal')
    .where('branch_id', '=', branchId)
    .where('ordinal', '=', ordinal)
    .where('content_type_uid', '=', content_type_uid)
    .executeTakeFirst()
  return found !== undefined
}
