import type { Generated, Selectable } from 'kysely'
import type { JsonColumnWithDefault, JsonObject } from './columns.ts'

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
