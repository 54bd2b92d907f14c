import { sql, type Selectable } from 'kysely'
import type { PinnedItem } from '#domain/item.ts'
import type { JsonColumn } from './columns.ts'
import type { Db } from './database.ts'

export interface RevisionTable {
  id: string
  project_id: string
  release_id: string
  number: number
  digest: string
  scope: 'change_set' | 'whole_state'
  items: JsonColumn<PinnedItem[]>
  item_count: number
  created_by: string | null
  created_at: Date
}

export type RevisionRow = Selectable<RevisionTable>
export type RevisionHead = Omit<RevisionRow, 'items'>

/**
 * The revision of this digest, made now of the release's items if there is none: equal digest, same revision. The
 * caller holds the release's row, which makes the numbers gapless and keeps the items what the digest says.
 */
export async function ensureRevision(
  db: Db,
  row: Omit<RevisionRow, 'number' | 'item_count' | 'items'>,
): Promise<{ id: string; number: number }> {
  const result = await sql<{ id: string; number: number }>`
    with known as (
      select id, number from revision where release_id = ${row.release_id} and digest = ${row.digest}
    ), made as (
      insert into revision
        (id, project_id, release_id, number, digest, scope, items, item_count, created_by, created_at)
      select ${row.id}::uuid, ${row.project_id}::uuid, ${row.release_id}::uuid,
        (select coalesce(max(number), 0) + 1 from revision where release_id = ${row.release_id}),
        ${row.digest}, ${row.scope}, coalesce(jsonb_agg(jsonb_build_object('key', item_key, 'kind', kind,
          'action', action, 'version', version, 'title', title) order by position), '[]'), count(*),
        ${row.created_by}::uuid, ${row.created_at}::timestamptz
      from release_item where release_id = ${row.release_id} and not exists (select from known)
      having not exists (select from known)
      returning id, number
    )
    select id, number from known union all select id, number from made
  `.execute(db)
  return result.rows[0]!
}

/** A revision whose number and items are given, as a release candidate's are. */
export async function insertRevision(
  db: Db,
  { items, ...row }: Omit<RevisionRow, 'item_count'>,
): Promise<void> {
  const values = { ...row, items: JSON.stringify(items), item_count: items.length }
  await db.insertInto('revision').values(values).execute()
}

export async function findRevisionScope(db: Db, id: string): Promise<RevisionRow['scope'] | undefined> {
  const row = await db.selectFrom('revision').select('scope').where('id', '=', id).executeTakeFirst()
  return row?.scope
}

/** Which project and release a revision is of, and which of theirs it is. */
export function findRevisionPlace(
  db: Db,
  id: string,
): Promise<Pick<RevisionRow, 'project_id' | 'release_id' | 'number'> | undefined> {
  return db
    .selectFrom('revision')
    .select(['project_id', 'release_id', 'number'])
    .where('id', '=', id)
    .executeTakeFirst()
}

export function findRevisionById(db: Db, id: string): Promise<RevisionRow | undefined> {
  return db.selectFrom('revision').selectAll().where('id', '=', id).executeTakeFirst()
}

export function findRevisionByNumber(
  db: Db,
  releaseId: string,
  number: number,
): Promise<RevisionRow | undefined> {
  return db
    .selectFrom('revision')
    .selectAll()
    .where('release_id', '=', releaseId)
    .where('number', '=', number)
    .executeTakeFirst()
}

/** Newest first, without their items. */
export function listRevisions(
  db: Db,
  releaseId: string,
  page: { limit: number; before?: number },
): Promise<RevisionHead[]> {
  let query = db
    .selectFrom('revision')
    .select([
      'id',
      'project_id',
      'release_id',
      'number',
      'digest',
      'scope',
      'item_count',
      'created_by',
      'created_at',
    ])
    .where('release_id', '=', releaseId)
    .orderBy('number', 'desc')
    .limit(page.limit)
  if (page.before !== undefined) query = query.where('number', '<', page.before)
  return query.execute()
}
