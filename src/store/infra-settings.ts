import { sql, type Generated, type Insertable, type Selectable, type Updateable } from 'kysely'
import type { Db } from './database.ts'

/** How a project of infrastructure releases: where its blueprint is, and the modules that it is built from. */
export interface InfraSettingsTable {
  project_id: string
  /** A folder on this machine, or one in a git repository; both null where neither was said yet. */
  blueprint_path: string | null
  blueprint_repository_id: string | null
  /** Null: the one that the repository calls its default. */
  blueprint_branch: string | null
  blueprint_folder: Generated<string>
  modules_path: string | null
  modules_repository_id: string | null
  modules_branch: string | null
  modules_folder: Generated<string>
  remote_sources: Generated<boolean>
  pre_release_hook: Generated<boolean>
  version: Generated<number>
  updated_at: Date
}

export type InfraSettingsRow = Selectable<InfraSettingsTable>

export function findInfraSettings(db: Db, projectId: string): Promise<InfraSettingsRow | undefined> {
  return db.selectFrom('infra_settings').selectAll().where('project_id', '=', projectId).executeTakeFirst()
}

/** Held until the transaction ends. */
export function lockInfraSettings(db: Db, projectId: string): Promise<InfraSettingsRow | undefined> {
  return db
    .selectFrom('infra_settings')
    .selectAll()
    .where('project_id', '=', projectId)
    .forUpdate()
    .executeTakeFirst()
}

/** In no order. */
export function listInfraSettings(db: Db, projectIds: readonly string[]): Promise<InfraSettingsRow[]> {
  return db
    .selectFrom('infra_settings')
    .selectAll()
    .where('project_id', '=', sql<string>`any(${sql.val(projectIds)}::uuid[])`)
    .execute()
}

export async function insertInfraSettings(db: Db, row: Insertable<InfraSettingsTable>): Promise<void> {
  await db.insertInto('infra_settings').values(row).execute()
}

export async function updateInfraSettings(
  db: Db,
  { project_id, ...change }: Updateable<InfraSettingsTable> & { project_id: string; updated_at: Date },
): Promise<void> {
  await db
    .updateTable('infra_settings')
    .set((eb) => ({ ...change, version: eb('version', '+', 1) }))
    .where('project_id', '=', project_id)
    .execute()
}
