import { DomainError } from '#domain/errors.ts'
import {
  findDelivery,
  findDeliveryWebhook,
  listAttempts,
  listDeliveryLogs as readLogs,
  listDeliveries as listRows,
  type AttemptRow,
  type DeliveryRow,
  type WantedDeliveries,
} from '#store/webhook-delivery.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { getWebhook, type WhichWebhook } from './get-webhook.ts'
import type { WebhookView } from './webhook-view.ts'

export type { AttemptRow, DeliveryRow }

export interface DeliveryList extends WantedDeliveries {
  limit: number
  before?: string
  offset?: number
}

/** Newest first. */
export async function listDeliveries(
  ctx: Context,
  { limit, before, offset, ...wanted }: DeliveryList,
): Promise<DeliveryRow[]> {
  await getWebhook(ctx, wanted)
  const page = { limit, ...(before === undefined ? {} : { before }), ...(offset ? { offset } : {}) }
  return listRows(ctx.db, wanted, page)
}

export interface DeliveryLog extends DeliveryRow {
  /** What was sent; null: not yet. */
  body: string | null
  /** The oldest first. */
  log: AttemptRow[]
}

/** As listDeliveries, each with what was sent and all its attempts. */
export async function listDeliveryLogs(ctx: Context, list: DeliveryList): Promise<DeliveryLog[]> {
  const rows = await listDeliveries(ctx, list)
  const { bodies, attempts } = await readLogs(
    ctx.db,
    rows.map(({ id }) => id),
  )
  const byDelivery = Map.groupBy(attempts, ({ delivery_id }) => delivery_id)
  return rows.map((row) => ({ ...row, body: bodies.get(row.id) ?? null, log: byDelivery.get(row.id) ?? [] }))
}

/** The webhook of a project that a delivery is to. Throws `not_found`. */
export async function getDeliveryWebhook(
  ctx: Context,
  { project_id, delivery_id }: { project_id: string; delivery_id: string },
): Promise<WebhookView> {
  authorize(ctx, 'webhook.admin', { project_id })
  const webhook_id = await findDeliveryWebhook(ctx.db, delivery_id)
  if (webhook_id === undefined) throw new DomainError('not_found', { what: 'delivery', id: delivery_id })
  const webhook = await getWebhook(ctx, { webhook_id })
  if (webhook.project_id === project_id) return webhook
  throw new DomainError('not_found', { what: 'delivery', id: delivery_id })
}

export interface WhichDelivery extends WhichWebhook {
  delivery_id: string
}

/** With what was sent (null: not yet) and its attempts, the newest first, 200 at most. Throws `not_found`. */
export async function getDelivery(
  ctx: Context,
  { webhook_id, delivery_id }: WhichDelivery,
): Promise<DeliveryRow & { body: string | null; log: AttemptRow[] }> {
  await getWebhook(ctx, { webhook_id })
  const row = await findDelivery(ctx.db, { id: delivery_id, webhook_id })
  if (!row) throw new DomainError('not_found', { what: 'delivery', id: delivery_id })
  return { ...row, log: await listAttempts(ctx.db, row.id) }
}
