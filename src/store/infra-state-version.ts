import { sql, type Generated, type Insertable, type Selectable } from 'kysely'
import type { Db } from './database.ts'

/** A state as it was once. */
export interface InfraStateVersionTable {
  environment_id: string
  version: number
  serial: number | null
  lineage: string | null
  /** Null: the state was removed. */
  blob_digest: string | null
  /** SHA-256 of the state itself, before it was sealed. */
  content_digest: string | null
  bytes: Generated<number>
  lock_id: string | null
  deployment_id: string | null
  run_id: string | null
  written_by: string | null
  created_at: Date
}

export type InfraStateVersionRow = Selectable<InfraStateVersionTable>
/** With the name of whoever wrote it by hand. */
export type NamedStateVersion = InfraStateVersionRow & { writer: string | null }

export async function insertStateVersion(db: Db, row: Insertable<InfraStateVersionTable>): Promise<void> {
  await db.insertInto('infra_state_version').values(row).execute()
}

export function findStateVersion(
  db: Db,
  environmentId: string,
  version: number,
): Promise<InfraStateVersionRow | undefined> {
  return db
    .selectFrom('infra_state_version')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('version', '=', version)
    .executeTakeFirst()
}

/** Newest first, those before `before`. */
export function listStateVersions(
  db: Db,
  environmentId: string,
  page: { limit: number; before?: number },
): Promise<NamedStateVersion[]> {
  let query = db
    .selectFrom('infra_state_version')
    .leftJoin('user', 'user.id', 'infra_state_version.written_by')
    .selectAll('infra_state_version')
    .select('user.name as writer')
    .where('environment_id', '=', environmentId)
    .orderBy('version', 'desc')
    .limit(page.limit)
  if (page.before !== undefined) query = query.where('infra_state_version.version', '<', page.before)
  return query.execute()
}

/** Removes those up to a version. Answers the blobs that they named. */
export async function removeStateVersions(db: Db, environmentId: string, upTo: number): Promise<string[]> {
  const rows = await db
    .deleteFrom('infra_state_version')
    .where('environment_id', '=', environmentId)
    .where('version', '<=', upTo)
    .returning('blob_digest')
    .execute()
  return rows.flatMap(({ blob_digest }) => blob_digest ?? [])
}

/** The sealed blobs of these environments, or of all of a project: their states, and the plans that were kept. */
export async function listSealedBlobs(
  db: Db,
  { project_id, environment_id }: { project_id: string; environment_id?: string },
): Promise<string[]> {
  const there = environment_id ? sql`environment.id = ${environment_id}` : sql`true`
  const { rows } = await sql<{ digest: string }>`
    select blob_digest as digest from infra_state_version join environment on environment.id = environment_id
      where environment.project_id = ${project_id} and ${there} and blob_digest is not null
    union
    select blob_digest from infra_state join environment on environment.id = environment_id
      where environment.project_id = ${project_id} and ${there} and blob_digest is not null
    union
    select plan.kept ->> 'blob' from plan join environment on environment.id = plan.environment_id
      where environment.project_id = ${project_id} and ${there} and plan.kept ? 'blob'
  `.execute(db)
  return rows.map(({ digest }) => digest)
}
