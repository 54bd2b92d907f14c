import type { JsonObject } from './columns.ts'
import type { Db } from './database.ts'

/** Settings as they are declared now, and whom their secrets are sealed for: an environment, or a project for builds. */
export interface DeclaredSettings {
  owner_id: string
  settings: JsonObject
}

/** Of everything that deploys or builds by this executor, `limit` at most. */
export function listDeclaredSettings(db: Db, executor: string, limit: number): Promise<DeclaredSettings[]> {
  const builds = db
    .selectFrom('code_settings')
    .select(['project_id as owner_id', 'build_settings as settings'])
    .where('build_executor', '=', executor)
  return db
    .selectFrom('environment')
    .select(['id as owner_id', 'executor_settings as settings'])
    .where('executor', '=', executor)
    .unionAll(builds)
    .limit(limit)
    .execute()
}
