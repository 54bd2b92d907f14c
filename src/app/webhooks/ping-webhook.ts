import { insertDelivery } from '#store/webhook-delivery.ts'
import { DomainError } from '#domain/errors.ts'
import { transact, type Context } from '../context.ts'
import { holdWebhook, type WhichWebhook } from './get-webhook.ts'

/** Sends a message that tells of nothing, to see whether it arrives; the answer is its delivery. Throws `not_possible_now`. */
export async function pingWebhook(ctx: Context, which: WhichWebhook): Promise<{ delivery_id: string }> {
  const delivery_id = ctx.newId()
  return transact(ctx, async (unit) => {
    const { id, project_id, disabled_at } = await holdWebhook(ctx, unit.tx, which)
    if (disabled_at)
      throw new DomainError('not_possible_now', { what: 'webhook', id, state: 'disabled', action: 'ping' })
    const now = ctx.now()
    await insertDelivery(unit.tx, {
      ...{ id: delivery_id, webhook_id: id, event_id: null, type: 'webhook.ping', state: 'pending' },
      ...{ next_attempt_at: now, created_at: now, round_at: now },
    })
    unit.wake({ name: 'deliver-webhook', data: {} })
    unit.record({ kind: 'webhook.pinged', project_id, subject_id: id })
    return { delivery_id }
  })
}
