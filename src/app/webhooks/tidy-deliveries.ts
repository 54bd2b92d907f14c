import { removeOldDeliveries } from '#store/webhook-delivery.ts'
import type { Context } from '../context.ts'

const days = 30
const most = 5000

/** Forgets deliveries that ended a month ago, some at a time. Headgate's own. */
export async function tidyDeliveries(ctx: Context): Promise<number> {
  return removeOldDeliveries(ctx.db, new Date(ctx.now().getTime() - days * 86_400_000), most)
}
