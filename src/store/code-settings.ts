import { sql, type Generated, type Selectable } from 'kysely'
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
