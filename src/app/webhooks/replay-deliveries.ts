import { DomainError } from '#domain/errors.ts'
import { findDelivery, replayDelivery as replayRow, replayFailed } from '#store/webhook-delivery.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { holdWebhook, type WhichWebhook } from './get-webhook.ts'
import type { WhichDelivery } from './list-deliveries.ts'

/** Sends one delivery again under the same id, whatever became of it. Throws `not_found`, `not_possible_now`. */
export async function replayDelivery(
  ctx: Context,
  { webhook_id, delivery_id }: WhichDelivery,
): Promise<void> {
  await transact(ctx, async (unit) => {
    const project_id = await holdEnabled(ctx, unit, { webhook_id })
    const row = await findDelivery(unit.tx, { id: delivery_id, webhook_id })
    if (!row) throw new DomainError('not_found', { what: 'delivery', id: delivery_id })
    if (!(await replayRow(unit.tx, row.id, ctx.now())))
      throw new DomainError('not_possible_now', {
        ...{ what: 'delivery', id: row.id, state: 'being sent', action: 'be replayed' },
      })
    unit.wake({ name: 'deliver-webhook', data: {} })
    unit.record({ kind: 'webhook.replayed', project_id, subject_id: webhook_id, data: { delivery_id } })
  })
}

/** Sends everything again that failed for good and was made since then; the answer is how many. */
export async function replayDeliveries(
  ctx: Context,
  { since, ...which }: WhichWebhook & { since: Date },
): Promise<{ replayed: number }> {
  return transact(ctx, async (unit) => {
    const project_id = await holdEnabled(ctx, unit, which)
    const replayed = await replayFailed(unit.tx, { ...which, since, now: ctx.now() })
    if (replayed > 0) unit.wake({ name: 'deliver-webhook', data: {} })
    const data = { since: since.toISOString(), replayed }
    unit.record({ kind: 'webhook.replayed', project_id, subject_id: which.webhook_id, data })
    return { replayed }
  })
}

async function holdEnabled(ctx: Context, unit: Unit, which: WhichWebhook): Promise<string | null> {
  const { id, disabled_at, project_id } = await holdWebhook(ctx, unit.tx, which)
  if (disabled_at)
    throw new DomainError('not_possible_now', { what: 'webhook', id, state: 'disabled', action: 'replay' })
  return project_id
}
