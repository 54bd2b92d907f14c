import { sql, type Generated } from 'kysely'
import type { Db } from './database.ts'
import type { FormattedWebhook } from './webhook.ts'

/** A deployment's end whose items are still to be told one by one. */
export interface WebhookExpansionTable {
  webhook_id: string
  event_id: string
  /** Up to this place they have been. */
  item: Generated<number>
}

export interface Expansion extends FormattedWebhook {
  event_id: string
  item: number
}

export async function insertExpansions(
  db: Db,
  rows: readonly { webhook_id: string; event_id: string }[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into webhook_expansion (webhook_id, event_id)
    select webhook_id, event_id from json_to_recordset(${JSON.stringify(rows)}::json)
      as row (webhook_id uuid, event_id uuid)
    on conflict do nothing
  `.execute(db)
}

export async function isAnyExpansion(db: Db): Promise<boolean> {
  const { rows } = await sql<{ any: boolean }>`select exists (select from webhook_expansion) as any`.execute(
    db,
  )
  return rows[0]?.any === true
}

/** One that nobody else works on, the least advanced first, so that none waits for the end of a large one. */
export async function lockExpansion(db: Db): Promise<Expansion | undefined> {
  const { rows } = await sql<Expansion>`
    select x.event_id, x.item, w.id, w.project_id, w.format, w.branches, w.settings,
      cardinality(w.other_urls) + 1 as targets
    from webhook_expansion x join webhook w on w.id = x.webhook_id
    order by x.item, x.event_id limit 1 for update of x skip locked
  `.execute(db)
  return rows[0]
}

/** Up to where it has come; undefined: it is done. */
export async function moveExpansion(
  db: Db,
  { id, event_id }: Expansion,
  item: number | undefined,
): Promise<void> {
  if (item === undefined)
    await db
      .deleteFrom('webhook_expansion')
      .where('webhook_id', '=', id)
      .where('event_id', '=', event_id)
      .execute()
  else
    await db
      .updateTable('webhook_expansion')
      .set({ item })
      .where('webhook_id', '=', id)
      .where('event_id', '=', event_id)
      .execute()
}
