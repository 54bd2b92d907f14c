import { sql, type Selectable } from 'kysely'
import type { ResourceContent } from '#domain/blueprint.ts'
import type { JsonColumn } from './columns.ts'
import type { Db } from './database.ts'

/** A resource as an environment gets it, by the version of its item. */
export interface InfraResourceTable {
  project_id: string
  version: string
  item_key: string
  module_digest: string | null
  content: JsonColumn<ResourceContent>
  created_at: Date
}

export type InfraResourceRow = Selectable<InfraResourceTable>

/** Those that are not there yet: what is there under a version is what the version says. */
export async function insertInfraResources(
  db: Db,
  place: { project_id: string; created_at: Date },
  rows: readonly Pick<InfraResourceRow, 'version' | 'item_key' | 'module_digest' | 'content'>[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into infra_resource (project_id, version, item_key, module_digest, content, created_at)
    select ${place.project_id}::uuid, version, item_key, module_digest, content, ${place.created_at}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as said (version text, item_key text, module_digest text, content jsonb)
    order by version
    on conflict (project_id, version) do nothing
  `.execute(db)
}

/** Which of these versions are there already. */
export async function listKnownResources(
  db: Db,
  projectId: string,
  versions: readonly string[],
): Promise<string[]> {
  const rows = await db
    .selectFrom('infra_resource')
    .select('version')
    .where('project_id', '=', projectId)
    .where('version', '=', sql<string>`any(${sql.val(versions)}::text[])`)
    .execute()
  return rows.map(({ version }) => version)
}

/** In no order. */
export function listInfraResources(
  db: Db,
  projectId: string,
  versions: readonly string[],
): Promise<InfraResourceRow[]> {
  return db
    .selectFrom('infra_resource')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('version', '=', sql<string>`any(${sql.val(versions)}::text[])`)
    .execute()
}
