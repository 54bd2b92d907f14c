import { sql, type Selectable } from 'kysely'
import type { Finding, PreReleaseHook } from '#domain/blueprint.ts'
import type { PinnedItem } from '#domain/item.ts'
import type { JsonColumn, JsonColumnWithDefault } from './columns.ts'
import type { Db } from './database.ts'

/** Where a revision of infrastructure came from, and what was found wrong with it. */
export interface InfraSnapshotTable {
  revision_id: string
  blueprint_digest: string
  modules_digest: string
  hook: JsonColumn<PreReleaseHook> | null
  findings: JsonColumnWithDefault<Finding[]>
  created_at: Date
}

export type InfraSnapshotRow = Selectable<InfraSnapshotTable>

export function findInfraSnapshot(db: Db, revisionId: string): Promise<InfraSnapshotRow | undefined> {
  return db.selectFrom('infra_snapshot').selectAll().where('revision_id', '=', revisionId).executeTakeFirst()
}

export interface NewSnapshot {
  id: string
  project_id: string
  release_id: string
  digest: string
  items: readonly PinnedItem[]
  blueprint_digest: string
  modules_digest: string
  hook: PreReleaseHook | null
  findings: readonly Finding[]
  created_by: string | null
  created_at: Date
}

/**
 * The whole state of this digest as a revision of a line of releases, made now if there is none, and where it came from.
 * The caller holds the release's row, which makes the numbers gapless.
 */
export async function ensureSnapshot(db: Db, row: NewSnapshot): Promise<{ id: string; number: number }> {
  const { rows } = await sql<{ id: string; number: number }>`
    with known as (
      select id, number from revision where release_id = ${row.release_id} and digest = ${row.digest}
    ), made as (
      insert into revision
        (id, project_id, release_id, number, digest, scope, items, item_count, created_by, created_at)
      select ${row.id}::uuid, ${row.project_id}::uuid, ${row.release_id}::uuid,
        (select coalesce(max(number), 0) + 1 from revision where release_id = ${row.release_id}),
        ${row.digest}, 'whole_state', ${JSON.stringify(row.items)}::jsonb, ${row.items.length}::int,
        ${row.created_by}::uuid, ${row.created_at}::timestamptz
      where not exists (select from known)
      returning id, number
    ), snapshot as (
      insert into infra_snapshot (revision_id, blueprint_digest, modules_digest, hook, findings, created_at)
      select id, ${row.blueprint_digest}, ${row.modules_digest},
        ${row.hook && JSON.stringify(row.hook)}::jsonb, ${JSON.stringify(row.findings)}::jsonb,
        ${row.created_at}::timestamptz
      from made
    )
    select id, number from known union all select id, number from made
  `.execute(db)
  return rows[0]!
}

/** Whether it was ever asked for here: a line is found by its name, which another environment may have had before. */
export async function isRevisionOf(db: Db, revisionId: string, environmentId: string): Promise<boolean> {
  const { rows } = await sql`
    select from deployment where revision_id = ${revisionId} and environment_id = ${environmentId} limit 1
  `.execute(db)
  return rows.length > 0
}

/** The newest revision of the line of an environment's releases, with where it came from. */
export function findNewestSnapshot(db: Db, releaseId: string): Promise<InfraSnapshotRow | undefined> {
  return newestOf(db, releaseId).executeTakeFirst()
}

/** The newest of them that was read from a blueprint, rather than put together from what was there. */
export function findNewestRead(db: Db, releaseId: string): Promise<InfraSnapshotRow | undefined> {
  return newestOf(db, releaseId).where('infra_snapshot.blueprint_digest', '<>', '').executeTakeFirst()
}

function newestOf(db: Db, releaseId: string) {
  return db
    .selectFrom('revision')
    .innerJoin('infra_snapshot', 'infra_snapshot.revision_id', 'revision.id')
    .selectAll('infra_snapshot')
    .where('revision.release_id', '=', releaseId)
    .orderBy('revision.number', 'desc')
    .limit(1)
}
