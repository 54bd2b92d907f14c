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
  /** When a release took it last, to the day. */
  used_at: Date
}

export type InfraModuleRow = Selectable<InfraModuleTable>

/** Those that are not there yet. */
export async function insertInfraModules(
  db: Db,
  created_at: Date,
  rows: readonly Omit<InfraModuleRow, 'created_at' | 'used_at'>[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into infra_module (digest, intent, flavor, module_version, contract, blob_digest, created_at, used_at)
    select digest, intent, flavor, module_version, contract, blob_digest, ${created_at}::timestamptz, ${created_at}::timestamptz
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

/** Says that modules with these files are taken `at`; waits for whoever is removing one, until it is gone. */
export async function touchInfraModules(db: Db, at: Date, blobDigests: readonly string[]): Promise<void> {
  if (blobDigests.length === 0) return
  await sql`
    with held as (
      select digest from infra_module where blob_digest = any(${sql.val(blobDigests)}::text[])
      order by digest for update
    )
    update infra_module set used_at = ${at}::timestamptz from held where infra_module.digest = held.digest
  `.execute(db)
}

/** Removes those that nobody has taken since `before` and no resource names, so many at most. Answers their blobs. */
export async function removeUnusedModules(db: Db, before: Date, most: number): Promise<string[]> {
  const { rows } = await sql<{ blob_digest: string }>`
    delete from infra_module where used_at < ${before}::timestamptz and digest in (
      select digest from infra_module unused
      where used_at < ${before}::timestamptz
        and not exists (select from infra_resource where module_digest = unused.digest)
      limit ${most})
    returning blob_digest
  `.execute(db)
  return rows.map(({ blob_digest }) => blob_digest)
}
