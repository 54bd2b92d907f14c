import { sql, type Generated, type Insertable, type Selectable, type Updateable } from 'kysely'
import type { JsonColumnWithDefault, JsonObject } from './columns.ts'
import type { Db } from './database.ts'

export interface CodeSettingsTable {
  project_id: string
  repository_id: string
  /** Null: the one that the repository calls its default. */
  branch: string | null
  /** Only what touches one of these is the project's. None: everything. */
  paths: Generated<string[]>
  tag_patterns: Generated<string[]>
  versions: Generated<'calver' | 'semver'>
  time_zone: Generated<string>
  build_executor: Generated<string>
  /** Secrets are sealed for the project. */
  build_settings: JsonColumnWithDefault<JsonObject>
  cut_cron: string | null
  next_cut_at: Date | null
  /** How often that was tried in vain, since the repository could not be reached, and when it is tried again. */
  cut_tries: Generated<number>
  cut_again_at: Date | null
  deploy_to: string | null
  push: Generated<boolean>
  branch_prefix: string
  author_name: string
  author_email: string
  version: Generated<number>
  updated_at: Date
}

export type CodeSettingsRow = Selectable<CodeSettingsTable>

/** With the name under which people know its repository. */
export type NamedCodeSettings = CodeSettingsRow & { repository_name: string }

function withRepository(db: Db) {
  return db
    .selectFrom('code_settings')
    .innerJoin('repository', 'repository.id', 'code_settings.repository_id')
    .selectAll('code_settings')
    .select('repository.name as repository_name')
}

export function findCodeSettings(db: Db, projectId: string): Promise<NamedCodeSettings | undefined> {
  return withRepository(db).where('code_settings.project_id', '=', projectId).executeTakeFirst()
}

/** Held until the transaction ends: whoever gives a number to a candidate of the project holds it. */
export function lockCodeSettings(db: Db, projectId: string): Promise<NamedCodeSettings | undefined> {
  return withRepository(db)
    .where('code_settings.project_id', '=', projectId)
    .forUpdate('code_settings')
    .executeTakeFirst()
}

/** In no order. */
export function listCodeSettings(db: Db, projectIds: readonly string[]): Promise<NamedCodeSettings[]> {
  return withRepository(db)
    .where('code_settings.project_id', '=', sql<string>`any(${sql.val(projectIds)}::uuid[])`)
    .execute()
}

export async function insertCodeSettings(db: Db, row: Insertable<CodeSettingsTable>): Promise<void> {
  await db.insertInto('code_settings').values(row).execute()
}

export async function updateCodeSettings(
  db: Db,
  { project_id, ...change }: Updateable<CodeSettingsTable> & { project_id: string; updated_at: Date },
): Promise<void> {
  await db
    .updateTable('code_settings')
    .set((eb) => ({ ...change, version: eb('version', '+', 1) }))
    .where('project_id', '=', project_id)
    .execute()
}

/** Whose next cut has a time, those whose time comes first before. */
export async function listNextCuts(db: Db, limit: number): Promise<{ project_id: string; at: Date }[]> {
  const at = sql<Date>`greatest(next_cut_at, cut_again_at)`
  const query = db.selectFrom('code_settings').select(['project_id', at.as('at')])
  return query.where('next_cut_at', 'is not', null).orderBy('next_cut_at').limit(limit).execute()
}

export type CutTime = Pick<CodeSettingsRow, 'next_cut_at' | 'cut_tries' | 'cut_again_at'>

export async function setCutTime(db: Db, projectId: string, time: CutTime): Promise<void> {
  await db.updateTable('code_settings').set(time).where('project_id', '=', projectId).execute()
}
