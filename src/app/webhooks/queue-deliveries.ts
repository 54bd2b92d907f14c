import { coalesced, finishedKinds, messageType } from '#domain/webhook.ts'
import { findLastSeal } from '#store/event-seal.ts'
import { advance, insertDeliveries, isAnyBehind, listWanted, lockBehind } from '#store/webhook-write.ts'
import { transact, type Context } from '../context.ts'

/** Webhooks brought forward in one transaction. */
const most = 50

/**
 * Makes a delivery of each sealed event that a webhook asked for, exactly once: where each webhook has come to is
 * moved on in the same transaction. Headgate's own. True: there may be more.
 */
export async function queueDeliveries(ctx: Context): Promise<boolean> {
  if (!(await isAnyBehind(ctx.db))) return false
  return transact(ctx, async (unit) => {
    const head = (await findLastSeal(unit.tx))?.position ?? 0
    const behind = await lockBehind(unit.tx, most)
    // Another process is at it, and will go on.
    if (behind.length === 0) return false
    const wanted = await listWanted(unit.tx, behind, { coalesced, finished: finishedKinds })
    const kinds = new Map(behind.map((webhook) => [webhook.id, webhook.kinds]))
    const rows = wanted.map(({ webhook_id, event_id, kind, ends }) => ({
      ...{ id: ctx.newId(), webhook_id, event_id },
      type: messageType(kinds.get(webhook_id) ?? [], kind, ends),
    }))
    await insertDeliveries(unit.tx, rows, ctx.now())
    await advance(unit.tx, behind, head)
    if (rows.length > 0) unit.wake({ name: 'deliver-webhook', data: {} })
    return true
  })
}
