import {
  claimDeliveries as claimRows,
  keepBodies,
  releaseAllClaims,
  type ClaimedDelivery,
} from '#store/webhook-write.ts'
import { listToldItems } from '#store/webhook-told.ts'
import type { Context } from '../context.ts'
import { listHappenings } from './list-happenings.ts'
import {
  standardFormat,
  type Happening,
  type Message,
  type MessageFormat,
  type MessageFormats,
} from './message-format.ts'
import { messageOf, tellsAnEnd } from './message-of.ts'
import { toldChanges } from './told-changes.ts'

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

/** At the start of a process that is alone: what another held when it died need not be waited for. Headgate's own. */
export async function takeUpDeliveries(ctx: Context): Promise<void> {
  await releaseAllClaims(ctx.db)
}

/** What a message says, or why it could not be written. */
export type Written = { body: string } | { failed: string }

export interface WritingSettings {
  /** Where others reach this server. */
  url: string
  formats: MessageFormats
}

/** The bodies of claimed deliveries, kept before anything is sent, so that every attempt sends the same. By delivery. */
export async function writeMessages(
  ctx: Context,
  deliveries: readonly ClaimedDelivery[],
  { url, formats }: WritingSettings,
): Promise<Map<string, Written>> {
  const fresh = deliveries.filter(({ body }) => body === null)
  const happenings = await listHappenings(
    ctx.db,
    fresh.flatMap(({ event_id }) => event_id ?? []),
  )
  const bodies = new Map<string, Written>(
    deliveries.flatMap(({ id, body }) => (body === null ? [] : [[id, { body }] as const])),
  )
  for (const [name, own] of Map.groupBy(fresh, ({ format }) => format)) {
    const written =
      name === standardFormat
        ? await writeOwn(ctx, own, happenings, { url, formats })
        : await writeFormatted(ctx, { format: formats.get(name), url }, own, happenings)
    for (const [id, one] of written) bodies.set(id, one)
  }
  const kept = fresh.flatMap(({ id }) => {
    const written = bodies.get(id)
    return written && 'body' in written ? [{ id, body: written.body }] : []
  })
  await keepBodies(ctx.db, kept)
  return bodies
}

async function writeOwn(
  ctx: Context,
  deliveries: readonly ClaimedDelivery[],
  happenings: ReadonlyMap<string, Happening>,
  { url, formats }: WritingSettings,
): Promise<[string, Written][]> {
  const ended = deliveries.flatMap(({ type, event_id }) => {
    const { event, deployment } = happenings.get(event_id ?? '') ?? {}
    return event && deployment && tellsAnEnd(type, event) ? [deployment] : []
  })
  const changes = ended.length > 0 ? await toldChanges(ctx, [...new Set(ended)], formats) : undefined
  return deliveries.map((delivery) => {
    const { event, deployment } = happenings.get(delivery.event_id ?? '') ?? {}
    const told = changes?.get(deployment?.id ?? '')
    return [delivery.id, { body: messageOf({ delivery, event, deployment, changes: told, url }) }]
  })
}

async function writeFormatted(
  ctx: Context,
  { format, url }: { format: MessageFormat | undefined; url: string },
  deliveries: readonly ClaimedDelivery[],
  happenings: ReadonlyMap<string, Happening>,
): Promise<[string, Written][]> {
  if (!format)
    return deliveries.map(({ id }) => [id, { failed: 'nobody here writes messages of its format' }])
  const messages = await messagesOf(ctx, deliveries, happenings)
  const written = await format.write(ctx, messages, url).catch(() => undefined)
  if (written) return messages.map(({ id }) => [id, writtenOf(written.get(id))])
  // One of them cannot be written; it is not to hold up the others.
  const singly: [string, Written][] = []
  for (const message of messages) {
    const one = await format.write(ctx, [message], url).then(
      (bodies) => writtenOf(bodies.get(message.id)),
      (error: unknown) => ({ failed: `its message could not be written: ${String(error).slice(0, 200)}` }),
    )
    singly.push([message.id, one])
  }
  return singly
}

const writtenOf = (body: string | undefined): Written =>
  body === undefined ? { failed: 'its message could not be written' } : { body }

async function messagesOf(
  ctx: Context,
  deliveries: readonly ClaimedDelivery[],
  happenings: ReadonlyMap<string, Happening>,
): Promise<Message[]> {
  const about = ({ event_id }: ClaimedDelivery) => happenings.get(event_id ?? '')
  const places = deliveries.flatMap((delivery) => {
    const deployment_id = about(delivery)?.deployment?.id
    return delivery.item > 0 && deployment_id ? [{ deployment_id, position: delivery.item }] : []
  })
  const items = await listToldItems(ctx.db, places)
  return deliveries.map((delivery) => {
    const { id, topics, created_at } = delivery
    const happening = about(delivery)
    const item = items.find(
      ({ deployment_id, position }) =>
        deployment_id === happening?.deployment?.id && position === delivery.item,
    )
    return { id, webhook: webhookOf(delivery), topics, happening, item, created_at }
  })
}

/** The webhook of a delivery, as its format knows it. */
export function webhookOf({ webhook_id, project_id, format, branches, settings }: ClaimedDelivery) {
  return { id: webhook_id, project_id, format, branches, settings }
}
