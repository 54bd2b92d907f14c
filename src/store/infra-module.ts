import { sql, type Selectable } from 'kysely'
import type { ModuleContract } from '#domain/blueprint.ts'
import type { JsonColumn } from './columns.ts'
import type { Db } from './database.ts'

/** A module as it was, by the digest of its files. */
export interface InfraModuleTable {
  digest: string
  intent: string
  flavor: string
  module_version: string
  contract: JsonColumn<ModuleContract>
  /** Its files, among the blobs. */
  blob_digest: string
  created_at: Date
}

export type InfraModuleRow = Selectable<InfraModuleTable>

/** Those that are not there yet. */
export async function insertInfraModules(
  db: Db,
  created_at: Date,
  rows: readonly Omit<InfraModuleRow, 'created_at'>[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into infra_module (digest, intent, flavor, module_version, contract, blob_digest, created_at)
    select digest, intent, flavor, module_version, contract, blob_digest, ${created_at}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as said (digest text, intent text, flavor text, module_version text, contract jsonb, blob_digest text)
    order by digest
    on conflict (digest) do nothing
  `.execute(db)
}

/** In no order. */
export function listInfraModules(db: Db, digests: readonly string[]): Promise<InfraModuleRow[]> {
  return db
    .selectFrom('infra_module')
    .selectAll()
    .where('digest', '=', sql<string>`any(${sql.val(digests)}::text[])`)
    .execute()
}
