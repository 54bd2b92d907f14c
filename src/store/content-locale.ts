import { sql, type Insertable, type RawBuilder, type Selectable, type Updateable } from 'kysely'
import type { Db } from './database.ts'

export interface ContentLocaleTable {
  id: string
  project_id: string
  code: string
  name: string
  /** Null: the master. */
  fallback_code: string | null
  created_by: string | null
  updated_by: string | null
  created_at: Date
  updated_at: Date
}

export type ContentLocaleRow = Selectable<ContentLocaleTable>

interface LocaleKey {
  project_id: string
  code: string
}

export function findContentLocale(
  db: Db,
  { project_id, code }: LocaleKey,
): Promise<ContentLocaleRow | undefined> {
  return localesOf(db, project_id).where('code', '=', code).executeTakeFirst()
}

/** The master first, then by code. */
export function listContentLocales(db: Db, projectId: string): Promise<ContentLocaleRow[]> {
  return localesOf(db, projectId)
    .orderBy(sql`fallback_code is not null`)
    .orderBy('code')
    .execute()
}

/** The master's code of each of these projects, by the project's id. */
export async function listMasterLocales(db: Db, projectIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('content_locale')
    .select(['project_id', 'code'])
    .where('project_id', '=', sql<string>`any(${sql.val(projectIds)}::uuid[])`)
    .where('fallback_code', 'is', null)
    .execute()
  return new Map(rows.map(({ project_id, code }) => [project_id, code]))
}

/** All locales of a project, held until the transaction ends: two changes at once could close a circle. */
export function claimContentLocales(db: Db, projectId: string): Promise<ContentLocaleRow[]> {
  return localesOf(db, projectId).orderBy('code').forUpdate().execute()
}

function localesOf(db: Db, projectId: string) {
  return db.selectFrom('content_locale').selectAll().where('project_id', '=', projectId)
}

/** False when the project has this locale. */
export async function insertContentLocale(db: Db, row: Insertable<ContentLocaleTable>): Promise<boolean> {
  const result = await db
    .insertInto('content_locale')
    .values(row)
    .onConflict((on) => on.columns(['project_id', 'code']).doNothing())
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}

export function updateContentLocale(
  db: Db,
  id: string,
  row: Updateable<ContentLocaleTable>,
): Promise<ContentLocaleRow> {
  return db
    .updateTable('content_locale')
    .set(row)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function removeContentLocale(db: Db, id: string): Promise<void> {
  await db.deleteFrom('content_locale').where('id', '=', id).execute()
}

/** Whether something is written or live in a locale of a project. */
export async function findLocaleUse(
  db: Db,
  { project_id, code }: LocaleKey,
): Promise<'written' | 'live' | undefined> {
  const { rows } = await sql<{ written: boolean; live: boolean }>`
    select exists (
      select from content_branch b join content_draft d on d.branch_id = b.id
      where b.project_id = ${project_id} and d.locale = ${code}) as written,
    exists (
      select from environment e join content_published p on p.environment_id = e.id
      where e.project_id = ${project_id} and p.locale = ${code}) as live
  `.execute(db)
  if (rows[0]?.written) return 'written'
  return rows[0]?.live ? 'live' : undefined
}

/**
 * `chain (start, code, depth)` for a `with recursive`: each locale that is asked for and what it falls back to,
 * nearest first. `asked` is a condition on `l`. A circle, which no use-case makes, ends at its 32nd step.
 */
export function localeChain(
  projectId: string,
  asked: RawBuilder<unknown>,
  follow = true,
): RawBuilder<unknown> {
  return sql`chain (start, code, depth) as (
    select l.code, l.code, 0 from content_locale l where l.project_id = ${projectId} and ${asked}
    union all
    select chain.start, l.fallback_code, chain.depth + 1
    from chain join content_locale l on l.project_id = ${projectId} and l.code = chain.code
    where l.fallback_code is not null and chain.depth < 32 and ${follow}::boolean
  )`
}

/** The condition of `localeChain` for one locale; the master where none is named. */
export function askedLocale(locale: string | undefined): RawBuilder<unknown> {
  return locale === undefined ? sql`l.fallback_code is null` : sql`l.code = ${locale}`
}

export interface ContentPlace {
  branch_id: string | null
  /** The locale and what it falls back to, nearest first. Empty when there is no such locale. */
  chain: string[]
}

/** A branch and a chain of locales by their names. */
export async function findContentPlace(
  db: Db,
  {
    project_id,
    branch,
    locale,
    follow,
  }: { project_id: string; branch: string; locale?: string; follow: boolean },
): Promise<ContentPlace> {
  const { rows } = await sql<ContentPlace>`
    with recursive ${localeChain(project_id, askedLocale(locale), follow)}
    select (select id from content_branch where project_id = ${project_id} and uid = ${branch}) as branch_id,
      coalesce((select array_agg(code order by depth) from chain), '{}') as chain
  `.execute(db)
  return rows[0] ?? { branch_id: null, chain: [] }
}
