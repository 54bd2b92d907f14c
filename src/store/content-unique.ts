import { sql } from 'kysely'
import type { ContentTypeRow } from './content-type.ts'
import type { Db } from './database.ts'

export interface ContentUniqueTable {
  branch_id: string
  content_type_uid: string
  field: string
  locale: string
  value_sha256: Buffer
  item_id: string
}

type TypeKey = Pick<ContentTypeRow, 'branch_id' | 'uid'>

/**
 * Takes the values of a field that has become unique from the drafts of a type that is held. False, and nothing
 * usable written, where two entries have the same one.
 */
export async function insertUniqueValues(
  db: Db,
  { branch_id, uid }: TypeKey,
  path: readonly string[],
): Promise<boolean> {
  const { rows } = await sql<{ complete: boolean }>`
    with value as materialized (
      select d.item_id, d.locale, v.data #>> ${path}::text[] as value
      from content_draft d
      join content_version v on v.item_id = d.item_id and v.locale = d.locale and v.version = d.version
      where d.branch_id = ${branch_id} and d.kind = 'entry' and d.content_type_uid = ${uid}
        and jsonb_typeof(v.data #> ${path}::text[]) in ('string', 'number')
        and v.data #>> ${path}::text[] ~ '\\S'
    ), added as (
      insert into content_unique (branch_id, content_type_uid, field, locale, value_sha256, item_id)
      select ${branch_id}::uuid, ${uid}, ${path.join('.')}, locale, sha256(convert_to(value, 'UTF8')), item_id
      from value
      on conflict do nothing returning item_id
    )
    select (select count(*) from added) = (select count(*) from value) as complete
  `.execute(db)
  return rows[0]?.complete ?? true
}

/** Lets go of the values of fields that are unique no longer. */
export async function removeUniqueFields(
  db: Db,
  { branch_id, uid }: TypeKey,
  fields: readonly string[],
): Promise<void> {
  await db
    .deleteFrom('content_unique')
    .where('branch_id', '=', branch_id)
    .where('content_type_uid', '=', uid)
    .where('field', '=', sql<string>`any(${sql.val(fields)}::text[])`)
    .execute()
}
