import {
  claimDeliveries as claimRows,
  keepBodies,
  listToldDeployments,
  listToldEvents,
  type ClaimedDelivery,
  type ToldEvent,
} from '#store/webhook-write.ts'
import type { Context } from '../context.ts'
import { messageOf, tellsAnEnd } from './message-of.ts'

export type { ClaimedDelivery }

/** Longer than any attempt takes: who holds a delivery for longer is dead. */
const leaseMs = 60_000

/** In hand of one webhook at once; of one that does not take what it gets, a single probe. */
const each = { healthy: 4, failing: 1 }

/** Takes up to `most` deliveries that are due. Headgate's own. */
export async function claimDeliveries(ctx: Context, most: number): Promise<ClaimedDelivery[]> {
  const now = ctx.now()
  const until = new Date(now.getTime() + leaseMs)
  return claimRows(ctx.db, { now, until, most, each: each.healthy, eachFailing: each.failing })
}

/** The bodies of claimed deliveries, kept before anything is sent, so that every attempt sends the same. By delivery. */
export async function writeMessages(
  ctx: Context,
  deliveries: readonly ClaimedDelivery[],
  url: string,
): Promise<Map<string, string>> {
  const fresh = deliveries.filter(({ body }) => body === null)
  const events = await listToldEvents(
    ctx.db,
    fresh.flatMap(({ event_id }) => event_id ?? []),
  )
  const told = new Map(events.map((event) => [event.id, event]))
  const ends = fresh.flatMap((delivery) => endOf(delivery, told) ?? [])
  const deployments = ends.length > 0 ? await listToldDeployments(ctx.db, ends) : []
  const bodies = new Map(deliveries.flatMap(({ id, body }) => (body === null ? [] : [[id, body] as const])))
  for (const delivery of fresh) {
    const end = endOf(delivery, told)
    const deployment = deployments.find(({ id }) => id === end)
    const event = told.get(delivery.event_id ?? '')
    bodies.set(delivery.id, messageOf({ delivery, event, deployment, url }))
  }
  await keepBodies(
    ctx.db,
    fresh.map(({ id }) => ({ id, body: bodies.get(id) ?? '' })),
  )
  return bodies
}

/** The deployment whose end this delivery tells of. */
function endOf(
  { type, event_id }: ClaimedDelivery,
  told: ReadonlyMap<string, ToldEvent>,
): string | undefined {
  const event = told.get(event_id ?? '')
  return (event && tellsAnEnd(type, event) && event.subject_id) || undefined
}
