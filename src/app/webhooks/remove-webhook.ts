import { removeWebhook as removeRow } from '#store/webhook.ts'
import { transact, type Context } from '../context.ts'
import { originOf } from './webhook-view.ts'
import { holdWebhook, type WhichWebhook } from './get-webhook.ts'

/** With its deliveries and their log. What is being sent at this moment may still arrive. */
export async function removeWebhook(
  ctx: Context,
  input: WhichWebhook & { version?: number | undefined },
): Promise<void> {
  await transact(ctx, async (unit) => {
    const { id, project_id, url } = await holdWebhook(ctx, unit.tx, input, input.version)
    await removeRow(unit.tx, id)
    unit.record({ kind: 'webhook.removed', project_id, subject_id: id, data: { origin: originOf(url) } })
  })
}
