import { sql, type Insertable, type Selectable } from 'kysely'
import type { Db } from './database.ts'

export interface ContentBranchTable {
  id: string
  project_id: string
  uid: string
  source: string | null
  created_by: string | null
  created_at: Date
}

export type ContentBranchRow = Selectable<ContentBranchTable>

export function findContentBranch(
  db: Db,
  { project_id, uid }: { project_id: string; uid: string },
): Promise<ContentBranchRow | undefined> {
  return db
    .selectFrom('content_branch')
    .selectAll()
    .where('project_id', '=', project_id)
    .where('uid', '=', uid)
    .executeTakeFirst()
}

/** In the order in which they were made. */
export function listContentBranches(db: Db, projectId: string): Promise<ContentBranchRow[]> {
  return db
    .selectFrom('content_branch')
    .selectAll()
    .where('project_id', '=', projectId)
    .orderBy('id')
    .execute()
}

/**
 * The branch that every project has, held until the transaction ends: whoever makes, removes or names a branch holds it
 * first, so that a name means one thing. What is written in the branch passes.
 */
export async function claimMainBranch(db: Db, projectId: string): Promise<void> {
  await db
    .selectFrom('content_branch')
    .select('id')
    .where('project_id', '=', projectId)
    .orderBy('id')
    .limit(1)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

/** False when the project has a branch of this uid. */
export async function insertContentBranch(db: Db, row: Insertable<ContentBranchTable>): Promise<boolean> {
  const result = await db
    .insertInto('content_branch')
    .values(row)
    .onConflict((on) => on.columns(['project_id', 'uid']).doNothing())
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** The items of a branch that are there, oldest first. */
export async function listContentItemIds(db: Db, branchId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('content_item')
    .select('id')
    .where('branch_id', '=', branchId)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

export interface BranchCopy {
  from: string
  to: string
  /** New ids of the content types and of the items, in the order of the old ones given beside them. */
  types: readonly { old: string; new: string }[]
  items: readonly { old: string; new: string }[]
}

/** Copies types with their versions, items, drafts, versions and what must be unique: one statement, so that all are of one moment. What was deleted since its id was read stays behind. */
export async function copyContentBranch(db: Db, { from, to, types, items }: BranchCopy): Promise<void> {
  const pairs = (list: BranchCopy['items']) => sql`
    unnest(${list.map((pair) => pair.old)}::uuid[], ${list.map((pair) => pair.new)}::uuid[]) as pair (old_id, new_id)`
  await sql`
    with pair as materialized (
      select pair.* from ${pairs(items)} join content_item i on i.id = old_id and i.deleted_at is null
    ),
    type_version as (
      insert into content_type_version (content_type_id, version, title, description, fields, options,
        updated_by, updated_at)
      select new_id, version, title, description, fields, options, updated_by, updated_at
      from ${pairs(types)} join content_type_version on content_type_id = old_id
    ), type as (
      insert into content_type (id, branch_id, uid, title, description, version, fields, options,
        created_by, updated_by, created_at, updated_at)
      select new_id, ${to}::uuid, uid, title, description, version, fields, options,
        created_by, updated_by, created_at, updated_at
      from ${pairs(types)} join content_type on id = old_id
    ), item as (
      insert into content_item (id, branch_id, uid, kind, content_type_uid, parent_uid, created_by, created_at)
      select new_id, ${to}::uuid, uid, kind, content_type_uid, parent_uid, created_by, created_at
      from pair join content_item on id = old_id
    ), draft as (
      insert into content_draft (item_id, locale, branch_id, kind, content_type_uid, version, title, in_progress,
        updated_by, updated_at)
      select new_id, locale, ${to}::uuid, kind, content_type_uid, version, title, in_progress, updated_by, updated_at
      from pair join content_draft on item_id = old_id
    ), unique_value as (
      insert into content_unique (branch_id, content_type_uid, field, locale, value_sha256, item_id)
      select ${to}::uuid, content_type_uid, field, locale, value_sha256, new_id
      from pair join content_unique on item_id = old_id and branch_id = ${from}
    )
    insert into content_version (item_id, locale, version, name, title, data, type_version, reference_uids,
      created_by, created_at)
    select new_id, locale, version, name, title, data, type_version, reference_uids, created_by, created_at
    from pair join content_version on item_id = old_id
  `.execute(db)
}
