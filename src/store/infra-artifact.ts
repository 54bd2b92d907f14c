import { sql, type Insertable, type Selectable } from 'kysely'
import type { JsonColumnWithDefault, JsonObject } from './columns.ts'
import type { Db } from './database.ts'

/** What CI built of an application. */
export interface InfraArtifactTable {
  id: string
  project_id: string
  application: string
  uri: string
  /** For one environment, or for all that follow a stream; for all of the project where both are null. */
  environment_id: string | null
  release_stream: string | null
  external_id: string | null
  tag: string | null
  description: string | null
  metadata: JsonColumnWithDefault<JsonObject>
  /** An older one of the same application that was taken again. */
  restores: string | null
  registered_by: string | null
  created_at: Date
}

export type InfraArtifactRow = Selectable<InfraArtifactTable>

export function insertInfraArtifact(db: Db, row: Insertable<InfraArtifactTable>): Promise<InfraArtifactRow> {
  return db.insertInto('infra_artifact').values(row).returningAll().executeTakeFirstOrThrow()
}

export function findInfraArtifact(db: Db, id: string): Promise<InfraArtifactRow | undefined> {
  return db.selectFrom('infra_artifact').selectAll().where('id', '=', id).executeTakeFirst()
}

export interface ArtifactFilter {
  project_id: string
  application?: string
  environment_id?: string
  release_stream?: string
}

/** Newest first, before an id. */
export function listInfraArtifacts(
  db: Db,
  { project_id, application, environment_id, release_stream }: ArtifactFilter,
  page: { limit: number; before?: string },
): Promise<InfraArtifactRow[]> {
  let query = db
    .selectFrom('infra_artifact')
    .selectAll()
    .where('project_id', '=', project_id)
    .orderBy('id', 'desc')
    .limit(page.limit)
  if (application !== undefined) query = query.where('application', '=', application)
  if (environment_id !== undefined) query = query.where('environment_id', '=', environment_id)
  if (release_stream !== undefined) query = query.where('release_stream', '=', release_stream)
  if (page.before !== undefined) query = query.where('id', '<', page.before)
  return query.execute()
}

/** Where artifacts are taken: an environment, and the stream that it follows. */
export interface ArtifactTaker {
  project_id: string
  environment_id: string
  release_stream: string | null
}

/**
 * Of each application the newest that an environment may take: registered for it, for the stream that it follows, or for
 * the whole project. By application.
 */
export async function listTakenArtifacts(
  db: Db,
  { project_id, environment_id, release_stream }: ArtifactTaker,
): Promise<InfraArtifactRow[]> {
  // The index is asked for the next name each time, so that a long history costs nothing.
  const { rows } = await sql<InfraArtifactRow>`
    with recursive known as (
      (select application from infra_artifact where project_id = ${project_id} order by application limit 1)
      union all
      select (select next.application from infra_artifact next
        where next.project_id = ${project_id} and next.application > known.application
        order by next.application limit 1)
      from known where known.application is not null
    )
    select taken.* from known
    cross join lateral (
      select * from infra_artifact
      where project_id = ${project_id} and application = known.application
        and (environment_id = ${environment_id} or (environment_id is null
          and (release_stream is null or release_stream = ${release_stream}::text)))
      order by id desc limit 1) taken
    order by taken.application
  `.execute(db)
  return rows
}
