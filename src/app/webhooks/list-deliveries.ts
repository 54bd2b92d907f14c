import { DomainError } from '#domain/errors.ts'
import {
  findDelivery,
  listAttempts,
  listDeliveries as listRows,
  type AttemptRow,
  type DeliveryRow,
} from '#store/webhook-delivery.ts'
import type { Context } from '../context.ts'
import { getWebhook, type WhichWebhook } from './get-webhook.ts'

export type { AttemptRow, DeliveryRow }

export interface DeliveryList extends WhichWebhook {
  state?: DeliveryRow['state']
  limit: number
  before?: string
}

/** Newest first. */
export async function listDeliveries(
  ctx: Context,
  { webhook_id, state, ...page }: DeliveryList,
): Promise<DeliveryRow[]> {
  await getWebhook(ctx, { webhook_id })
  return listRows(ctx.db, { webhook_id, ...(state ? { state } : {}) }, page)
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
