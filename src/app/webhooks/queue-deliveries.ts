import { coalesced, finishedKinds, messageType } from '#domain/webhook.ts'
import { findLastSeal } from '#store/event-seal.ts'
import { insertExpansions } from '#store/webhook-expansion.ts'
import {
  advance,
  insertDeliveries,
  isAnyBehind,
  listWanted,
  lockBehind,
  type NewDelivery,
  type WantedDelivery,
  type WebhookBehind,
} from '#store/webhook-write.ts'
import { transact, type Context } from '../context.ts'
import { listHappenings } from './list-happenings.ts'
import { standardFormat, type MessageFormats } from './message-format.ts'

/** Webhooks brought forward in one transaction. */
const most = 50

/**
 * Makes a delivery of each sealed event that a webhook asked for, exactly once: where each webhook has come to is
 * moved on in the same transaction. The items of a deployment are told later, some at a time. Headgate's own. True:
 * there may be more.
 */
export async function queueDeliveries(ctx: Context, formats: MessageFormats): Promise<boolean> {
  if (!(await isAnyBehind(ctx.db))) return false
  return transact(ctx, async (unit) => {
    const behind = await lockBehind(unit.tx, most)
    // Another process has done it.
    if (behind.length === 0) return false
    // Read when they are held: nobody is moved back to where the chain ended before another brought them further.
    const head = (await findLastSeal(unit.tx))?.position ?? 0
    const wanted = await listWanted(unit.tx, behind, { coalesced, finished: finishedKinds })
    const inside = { ...ctx, db: unit.tx }
    const told = await selectFormatted(inside, formats, behind, wanted)
    const rows = [...standardRows(ctx, behind, wanted), ...told.rows]
    await insertDeliveries(unit.tx, rows, ctx.now())
    await insertExpansions(unit.tx, told.expansions)
    await advance(unit.tx, behind, head)
    if (rows.length > 0) unit.wake({ name: 'deliver-webhook', data: {} })
    return true
  })
}

function standardRows(
  ctx: Context,
  behind: readonly WebhookBehind[],
  wanted: readonly WantedDelivery[],
): NewDelivery[] {
  const kinds = new Map(behind.flatMap(({ id, format, kinds: own }) => (isOurs(format) ? [[id, own]] : [])))
  return wanted.flatMap(({ webhook_id, event_id, kind, ends }) => {
    const own = kinds.get(webhook_id)
    if (!own) return []
    const type = messageType(own, kind, ends)
    return [{ id: ctx.newId(), webhook_id, event_id, type, item: 0, target: 0, topics: [] }]
  })
}

const isOurs = (format: string) => format === standardFormat

/** What webhooks are told in other words than ours, and the deployments whose items they may be told of. */
async function selectFormatted(
  ctx: Context,
  formats: MessageFormats,
  behind: readonly WebhookBehind[],
  wanted: readonly WantedDelivery[],
) {
  const rows: NewDelivery[] = []
  const expansions: { webhook_id: string; event_id: string }[] = []
  const others = behind.filter(({ format }) => !isOurs(format))
  const ids = new Set(others.map(({ id }) => id))
  const theirs = wanted.filter(({ webhook_id }) => ids.has(webhook_id))
  const happenings = await listHappenings(
    ctx.db,
    theirs.map(({ event_id }) => event_id),
  )
  for (const webhook of others) {
    const own = theirs.filter(({ webhook_id }) => webhook_id === webhook.id)
    const found = own.flatMap(({ event_id }) => happenings.get(event_id) ?? [])
    const selected = found.length > 0 ? await formats.get(webhook.format)?.select(ctx, webhook, found) : []
    for (const [n, { topics, items }] of (selected ?? []).entries()) {
      const event_id = found[n]?.event.id ?? ''
      if (items) expansions.push({ webhook_id: webhook.id, event_id })
      rows.push(...rowsFor(ctx, webhook, { event_id, item: 0, topics }))
    }
  }
  return { rows, expansions }
}

/** A message to each target; none where there is no topic. */
export function rowsFor(
  ctx: Context,
  { id: webhook_id, targets }: Pick<WebhookBehind, 'id' | 'targets'>,
  told: Pick<NewDelivery, 'event_id' | 'item' | 'topics'>,
): NewDelivery[] {
  const [type] = told.topics
  if (type === undefined) return []
  return Array.from({ length: targets }, (_, target) => ({
    ...{ id: ctx.newId(), webhook_id, type, target, ...told },
  }))
}
