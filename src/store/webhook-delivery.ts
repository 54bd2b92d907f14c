import { sql, type Generated, type Insertable, type Selectable } from 'kysely'
import type { Db } from './database.ts'

export interface WebhookDeliveryTable {
  id: string
  webhook_id: string
  event_id: string | null
  type: string
  body: string | null
  state: 'pending' | 'delivered' | 'failed'
  tries: Generated<number>
  attempts: Generated<number>
  next_attempt_at: Date | null
  claimed_until: Date | null
  created_at: Date
  round_at: Date
  finished_at: Date | null
  item: Generated<number>
  target: Generated<number>
  topics: Generated<string[]>
  /** Of the last answer; null where there was none. */
  status: number | null
}

export interface WebhookAttemptTable {
  delivery_id: string
  number: number
  at: Date
  duration_ms: number
  status: number | null
  error: string | null
  answer: string | null
}

export type DeliveryRow = Omit<Selectable<WebhookDeliveryTable>, 'body'>
export type AttemptRow = Selectable<WebhookAttemptTable>

const columns = [
  ...(['id', 'webhook_id', 'event_id', 'type', 'state', 'tries', 'attempts', 'next_attempt_at'] as const),
  ...(['claimed_until', 'created_at', 'round_at', 'finished_at'] as const),
  ...(['item', 'target', 'topics', 'status'] as const),
] as const

export interface WantedDeliveries {
  webhook_id: string
  state?: DeliveryRow['state']
  /** Made from then on, and until then. */
  from?: Date
  to?: Date
  /** Of the last answer. */
  status?: { least?: number; most?: number }
}

/** Newest first, before `before`. */
export function listDeliveries(
  db: Db,
  { webhook_id, state, from, to, status }: WantedDeliveries,
  { limit, before, offset }: { limit: number; before?: string; offset?: number },
): Promise<DeliveryRow[]> {
  let query = db
    .selectFrom('webhook_delivery')
    .select(columns)
    .where('webhook_id', '=', webhook_id)
    .orderBy('id', 'desc')
    .limit(limit)
  if (state !== undefined) query = query.where('state', '=', state)
  if (before !== undefined) query = query.where('id', '<', before)
  if (from !== undefined) query = query.where('created_at', '>=', from)
  if (to !== undefined) query = query.where('created_at', '<=', to)
  if (status?.least !== undefined) query = query.where('status', '>=', status.least)
  if (status?.most !== undefined) query = query.where('status', '<=', status.most)
  if (offset !== undefined) query = query.offset(offset)
  return query.execute()
}

/** Several with what was sent and all their attempts, in two statements. */
export async function listDeliveryLogs(
  db: Db,
  ids: readonly string[],
): Promise<{ bodies: Map<string, string | null>; attempts: AttemptRow[] }> {
  if (ids.length === 0) return { bodies: new Map(), attempts: [] }
  const bodies = await db
    .selectFrom('webhook_delivery')
    .select(['id', 'body'])
    .where('id', 'in', ids)
    .execute()
  const attempts = await db
    .selectFrom('webhook_attempt')
    .selectAll()
    .where('delivery_id', 'in', ids)
    .orderBy('delivery_id')
    .orderBy('number')
    .execute()
  return { bodies: new Map(bodies.map(({ id, body }) => [id, body])), attempts }
}

/** Which webhook a delivery is to. */
export async function findDeliveryWebhook(db: Db, id: string): Promise<string | undefined> {
  const query = db.selectFrom('webhook_delivery').select('webhook_id').where('id', '=', id)
  return (await query.executeTakeFirst())?.webhook_id
}

export function findDelivery(db: Db, which: { id: string; webhook_id: string }) {
  return db
    .selectFrom('webhook_delivery')
    .select([...columns, 'body'])
    .where('id', '=', which.id)
    .where('webhook_id', '=', which.webhook_id)
    .executeTakeFirst()
}

export function listAttempts(db: Db, delivery_id: string): Promise<AttemptRow[]> {
  return db
    .selectFrom('webhook_attempt')
    .selectAll()
    .where('delivery_id', '=', delivery_id)
    .orderBy('number', 'desc')
    .limit(200)
    .execute()
}

export async function insertDelivery(db: Db, row: Insertable<WebhookDeliveryTable>): Promise<void> {
  await db.insertInto('webhook_delivery').values(row).execute()
}

/** A delivery that is to be sent once more from the beginning, under the same id. False: it is being sent as it is. */
export async function replayDelivery(db: Db, id: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('webhook_delivery')
    .set({ state: 'pending', tries: 0, next_attempt_at: now, round_at: now, finished_at: null })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('claimed_until', 'is', null), eb('claimed_until', '<=', now)]))
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** The same for all that failed of what was made since. */
export async function replayFailed(
  db: Db,
  { webhook_id, since, now }: { webhook_id: string; since: Date; now: Date },
): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('webhook_delivery')
    .set({ state: 'pending', tries: 0, next_attempt_at: now, round_at: now, finished_at: null })
    .where('webhook_id', '=', webhook_id)
    .where('state', '=', 'failed')
    .where('created_at', '>=', since)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/** Takes away what ended before a time, some at once; how many there were. */
export async function removeOldDeliveries(db: Db, before: Date, most: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from webhook_delivery where id in (
      select id from webhook_delivery where state <> 'pending' and finished_at < ${before}
      order by finished_at limit ${most})
  `.execute(db)
  return Number(numAffectedRows ?? 0)
}
