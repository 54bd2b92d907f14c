import type { Generated, Selectable } from 'kysely'

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
