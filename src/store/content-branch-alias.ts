import { sql, type Insertable, type Selectable } from 'kysely'
import type { Db } from './database.ts'

export interface ContentBranchAliasTable {
  project_id: string
  uid: string
  branch_id: string
  created_by: string | null
  updated_by: string | null
  created_at: Date
  updated_at: Date
}

export type ContentBranchAliasRow = Selectable<ContentBranchAliasTable>

/** The aliases of a project with the branch that each means, by name. */
export function listContentBranchAliases(db: Db, projectId: string) {
  return db
    .selectFrom('content_branch_alias as alias')
    .innerJoin('content_branch as branch', 'branch.id', 'alias.branch_id')
    .selectAll('alias')
    .select('branch.uid as branch')
    .where('alias.project_id', '=', projectId)
    .orderBy('alias.uid')
    .execute()
}

/** The uid of the branch that a name means, its own or an alias. */
export async function findNamedBranch(
  db: Db,
  { project_id, name }: { project_id: string; name: string },
): Promise<string | undefined> {
  const { rows } = await sql<{ uid: string }>`
    select uid from content_branch where project_id = ${project_id} and uid = ${name}
    union all
    select b.uid from content_branch_alias a join content_branch b on b.id = a.branch_id
    where a.project_id = ${project_id} and a.uid = ${name}
  `.execute(db)
  return rows[0]?.uid
}

/** These names with every alias replaced by the branch that it means; a name that is none stays. */
export async function meantBranches(db: Db, projectId: string, names: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ uid: string }>`
    select distinct coalesce(b.uid, name.uid) as uid from unnest(${sql.val(names)}::text[]) as name (uid)
    left join content_branch_alias a on a.project_id = ${projectId} and a.uid = name.uid
    left join content_branch b on b.id = a.branch_id
    order by uid
  `.execute(db)
  return rows.map(({ uid }) => uid)
}

/** Makes the alias, or moves it. */
export async function upsertContentBranchAlias(
  db: Db,
  row: Insertable<ContentBranchAliasTable>,
): Promise<ContentBranchAliasRow> {
  const { branch_id, updated_by, updated_at } = row
  return db
    .insertInto('content_branch_alias')
    .values(row)
    .onConflict((on) => on.columns(['project_id', 'uid']).doUpdateSet({ branch_id, updated_by, updated_at }))
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** False when there is none. */
export async function removeContentBranchAlias(
  db: Db,
  { project_id, uid }: { project_id: string; uid: string },
): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('content_branch_alias')
    .where('project_id', '=', project_id)
    .where('uid', '=', uid)
    .executeTakeFirst()
  return numDeletedRows > 0n
}
