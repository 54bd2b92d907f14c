import { sql } from 'kysely'
import type { Db } from './database.ts'

/** How a vendor's clients know one of our things. Within surface and kind both ids are unique. */
export interface ExternalIdTable {
  surface: string
  kind: string
  external: string
  internal: string
}

export type IdPair = Pick<ExternalIdTable, 'external' | 'internal'>

interface Namespace {
  surface: string
  kind: string
}

/** Our id for theirs. */
export async function findExternalId(
  db: Db,
  { surface, kind, external }: Namespace & { external: string },
): Promise<string | undefined> {
  const row = await db
    .selectFrom('external_id')
    .select('internal')
    .where('surface', '=', surface)
    .where('kind', '=', kind)
    .where('external', '=', external)
    .executeTakeFirst()
  return row?.internal
}

/** Their ids for ours; what has none is left out. */
export async function listExternalIds(
  db: Db,
  { surface, kind, internals }: Namespace & { internals: readonly string[] },
): Promise<IdPair[]> {
  return db
    .selectFrom('external_id')
    .select(['external', 'internal'])
    .where('surface', '=', surface)
    .where('kind', '=', kind)
    .where('internal', '=', sql<string>`any(${internals}::uuid[])`)
    .execute()
}

/** Our ids for theirs; what is unknown is left out. */
export async function listInternalIds(
  db: Db,
  { surface, kind, externals }: Namespace & { externals: readonly string[] },
): Promise<IdPair[]> {
  return db
    .selectFrom('external_id')
    .select(['external', 'internal'])
    .where('surface', '=', surface)
    .where('kind', '=', kind)
    .where('external', '=', sql<string>`any(${externals}::text[])`)
    .execute()
}

/** What one of our things is known as, by surface. */
export async function findExternalIdsOf(db: Db, internal: string): Promise<Record<string, string>> {
  const rows = await db
    .selectFrom('external_id')
    .select(['surface', 'external'])
    .where('internal', '=', internal)
    .execute()
  return Object.fromEntries(rows.map(({ surface, external }) => [surface, external]))
}

/** @returns how many were written: a pair of which either side is taken is left as it stands */
export async function insertExternalIds(db: Db, rows: readonly ExternalIdTable[]): Promise<number> {
  if (rows.length === 0) return 0
  const { numAffectedRows } = await sql`
    insert into external_id (surface, kind, external, internal)
    select surface, kind, external, internal
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as row (surface text, kind text, external text, internal uuid)
    on conflict do nothing
  `.execute(db)
  return Number(numAffectedRows)
}

export async function removeExternalIds(
  db: Db,
  { surface, kind, internals }: Namespace & { internals: readonly string[] },
): Promise<void> {
  await db
    .deleteFrom('external_id')
    .where('surface', '=', surface)
    .where('kind', '=', kind)
    .where('internal', '=', sql<string>`any(${internals}::uuid[])`)
    .execute()
}

/** All that these things are known by, at any surface: ids of ours are never given twice. */
export async function removeExternalIdsOf(db: Db, internals: readonly string[]): Promise<void> {
  await db
    .deleteFrom('external_id')
    .where('internal', '=', sql<string>`any(${sql.val(internals)}::uuid[])`)
    .execute()
}

/** The next of the integers that serve as external ids. One that is not used is lost, which does no harm. */
export async function nextExternalNumber(db: Db): Promise<number> {
  const { rows } = await sql<{ number: number }>`select nextval('external_number') as number`.execute(db)
  return (rows[0] as { number: number }).number
}

/** Those of a project and of what goes with it, so that its keys can be given again. */
export async function removeExternalIdsOfProject(db: Db, projectId: string): Promise<void> {
  await sql`
    delete from external_id where internal in (
      select ${projectId}::uuid
      union all select id from environment where project_id = ${projectId}
      union all select id from release where project_id = ${projectId}
      union all select id from token where project_id = ${projectId}
      union all select id from content_locale where project_id = ${projectId}
    )
  `.execute(db)
}
