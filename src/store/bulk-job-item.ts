import { sql, type Selectable } from 'kysely'
import type { Db } from './database.ts'

export interface BulkJobItemTable {
  job_id: string
  position: number
  item_key: string
  kind: string
  action: 'publish' | 'unpublish' | 'delete'
  version: string | null
  title: string
  /** How many references away from what was asked for. */
  depth: number
  /** Null: its deployments say. */
  outcome: 'done' | 'unchanged' | 'failed' | null
  code: string | null
  field: string | null
  reason: string | null
}

export type BulkJobItemRow = Selectable<BulkJobItemTable>
export type NewBulkJobItem = Omit<BulkJobItemRow, 'job_id' | 'position'>

/** One statement for any number, in their order. */
export async function insertBulkJobItems(
  db: Db,
  jobId: string,
  items: readonly NewBulkJobItem[],
): Promise<void> {
  await sql`
    insert into bulk_job_item (job_id, position, item_key, kind, action, version, title, depth, outcome, code, field,
      reason)
    select ${jobId}::uuid, i.position, i.item_key, i.kind, i.action, i.version, i.title, i.depth, i.outcome, i.code,
      i.field, i.reason
    from rows from (jsonb_to_recordset(${JSON.stringify(items)}::jsonb) as (item_key text, kind text, action text,
      version text, title text, depth int, outcome text, code text, field text, reason text))
      with ordinality as i (item_key, kind, action, version, title, depth, outcome, code, field, reason, position)
  `.execute(db)
}

export interface BulkJobItemFilter {
  outcomes?: readonly string[]
  /** Content type uids, and `asset`. */
  kinds?: readonly string[]
  assets?: boolean
  /** What was asked for, without what was reached from it. */
  asked_only?: boolean
}

/** A page of a job's items, in their order, and how many there are in all. */
export async function listBulkJobItems(
  db: Db,
  jobId: string,
  { outcomes, kinds, assets, asked_only }: BulkJobItemFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ items: BulkJobItemRow[]; total: number }> {
  let query = db.selectFrom('bulk_job_item').where('job_id', '=', jobId)
  if (outcomes) query = query.where('outcome', '=', sql<never>`any(${sql.val(outcomes)}::text[])`)
  if (kinds) query = query.where('kind', '=', sql<string>`any(${sql.val(kinds)}::text[])`)
  if (assets !== undefined) query = query.where('kind', assets ? '=' : '<>', 'asset')
  if (asked_only) query = query.where('depth', '=', 0)
  const items = await query.selectAll().orderBy('position').limit(limit).offset(offset).execute()
  const counted = await query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  return { items, total: counted.total }
}

/** How many items of a job came out how, of those that were asked for and of those that were reached. */
export async function countBulkJobItems(
  db: Db,
  jobId: string,
): Promise<{ outcome: BulkJobItemRow['outcome']; asked: boolean; count: number }[]> {
  return db
    .selectFrom('bulk_job_item')
    .select(['outcome', sql<boolean>`depth = 0`.as('asked'), (eb) => eb.fn.countAll<number>().as('count')])
    .where('job_id', '=', jobId)
    .groupBy(['outcome', 'asked'])
    .execute()
}
