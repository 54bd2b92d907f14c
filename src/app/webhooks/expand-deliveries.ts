import { isAnyExpansion, lockExpansion, moveExpansion } from '#store/webhook-expansion.ts'
import { listItemsToTell } from '#store/webhook-told.ts'
import { insertDeliveries } from '#store/webhook-write.ts'
import { transact, type Context } from '../context.ts'
import { listHappenings } from './list-happenings.ts'
import type { MessageFormats } from './message-format.ts'
import { rowsFor } from './queue-deliveries.ts'

/** Items looked through in one transaction. */
const most = 1000

/**
 * Makes messages of some items of a deployment that has ended, one statement for all of them, and remembers in the
 * same transaction how far it came: a process that dies leaves each made once or not at all. Headgate's own. True:
 * there may be more.
 */
export async function expandDeliveries(ctx: Context, formats: MessageFormats): Promise<boolean> {
  if (!(await isAnyExpansion(ctx.db))) return false
  return transact(ctx, async (unit) => {
    const expansion = await lockExpansion(unit.tx)
    // Another process is at it, and will go on.
    if (!expansion) return false
    const { event_id } = expansion
    const happening = (await listHappenings(unit.tx, [event_id])).get(event_id)
    const format = formats.get(expansion.format)
    const deployment = happening?.deployment
    const items =
      deployment && format
        ? await listItemsToTell(unit.tx, deployment.id, { after: expansion.item, limit: most })
        : []
    const inside = { ...ctx, db: unit.tx }
    const topics =
      happening && format && items.length > 0
        ? await format.selectItems(inside, expansion, happening, items)
        : []
    const rows = items.flatMap(({ position }, n) =>
      rowsFor(ctx, expansion, { event_id, item: position, topics: topics[n] ?? [] }),
    )
    await insertDeliveries(unit.tx, rows, ctx.now())
    await moveExpansion(unit.tx, expansion, items.length < most ? undefined : items.at(-1)?.position)
    if (rows.length > 0) unit.wake({ name: 'deliver-webhook', data: {} })
    return true
  })
}
