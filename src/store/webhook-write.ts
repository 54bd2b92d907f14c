import { sql } from 'kysely'
import type { EventKind } from '#domain/events.ts'
import type { Db } from './database.ts'
import type { FormattedWebhook } from './webhook.ts'

/** A webhook that has events of the chain before it. */
export interface WebhookBehind extends FormattedWebhook {
  kinds: string[]
  position: number
}

/** Positions of the chain that one webhook is brought forward by at once. */
const window = 1000

/** Whether any webhook is behind the chain. */
export async function isAnyBehind(db: Db): Promise<boolean> {
  const { rows } = await sql<{ behind: boolean }>`
    select exists (
      select from webhook_progress p join webhook w on w.id = p.webhook_id
      where w.disabled_at is null and p.position < (select coalesce(max(position), 0) from event_seal)) as behind
  `.execute(db)
  return rows[0]?.behind === true
}

/**
 * Those furthest behind, held until the transaction ends, in the order of ids. One that somebody holds is waited for:
 * it need not be somebody who brings it forward, but may be an attempt that is written down, after which nobody would
 * look again. One that was brought forward meanwhile is left out.
 */
export async function lockBehind(db: Db, most: number): Promise<WebhookBehind[]> {
  const head = sql`(select coalesce(max(position), 0) from event_seal)`
  const { rows } = await sql<WebhookBehind>`
    with behind as materialized (
      select p.webhook_id from webhook_progress p join webhook w on w.id = p.webhook_id
      where w.disabled_at is null and p.position < ${head} order by p.position limit ${most})
    select w.id, w.kinds, p.position, w.project_id, w.format, w.branches, w.settings, cardinality(w.other_urls) + 1 as targets
    from webhook_progress p join webhook w on w.id = p.webhook_id
    where p.webhook_id in (select webhook_id from behind) and p.position < ${head}
    order by p.webhook_id for update of p
  `.execute(db)
  return rows
}

export interface WantedDelivery {
  webhook_id: string
  event_id: string
  kind: EventKind
  /** It tells that a deployment has ended. */
  ends: boolean
}

/** What these webhooks are to be told, in the order of the chain, each for the window after its position. */
export async function listWanted(
  db: Db,
  webhooks: readonly WebhookBehind[],
  { coalesced, finished }: { coalesced: string; finished: readonly EventKind[] },
): Promise<WantedDelivery[]> {
  const { rows } = await sql<WantedDelivery>`
    select w.id as webhook_id, e.id as event_id, e.kind, its.ends
    from webhook_progress p
    join webhook w on w.id = p.webhook_id
    join event_seal s on s.position > p.position and s.position <= p.position + ${window}::bigint
    join event e on e.ordinal = s.ordinal
    cross join lateral (
      select e.kind = any(${finished}::text[]) or e.kind = 'deployment.planned'
        and exists (select from deployment where id = e.subject_id and dry_run) as ends) its
    where p.webhook_id = any(${webhooks.map(({ id }) => id)}::uuid[])
      and (w.project_id is null or e.project_id = w.project_id)
      and (w.environment_ids is null or e.environment_id = any(w.environment_ids))
      and (e.kind = any(w.kinds) or '*' = any(w.kinds) or split_part(e.kind, '.', 1) || '.*' = any(w.kinds)
        or its.ends and ${coalesced} = any(w.kinds))
    order by s.position
  `.execute(db)
  return rows
}

/** A message that is to be sent at once. */
export interface NewDelivery {
  id: string
  webhook_id: string
  event_id: string
  type: string
  /** The place of an item in what the event tells of; 0: the event itself. */
  item: number
  target: number
  topics: readonly string[]
}

/** One that is there already, of the same event or item to the same webhook and target, stays as it is. */
export async function insertDeliveries(db: Db, rows: readonly NewDelivery[], now: Date): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into webhook_delivery
      (id, webhook_id, event_id, type, item, target, topics, state, next_attempt_at, created_at, round_at)
    select id, webhook_id, event_id, type, item, target, array(select json_array_elements_text(topics)), 'pending',
      ${now}::timestamptz, ${now}::timestamptz, ${now}::timestamptz
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as row (id uuid, webhook_id uuid, event_id uuid, type text, item int, target int, topics json)
    on conflict (webhook_id, event_id, item, target) do nothing
  `.execute(db)
}

/** Moves them on by the window that was looked through. What was sealed meanwhile is not passed over. */
export async function advance(db: Db, webhooks: readonly WebhookBehind[], head: number): Promise<void> {
  await sql`
    update webhook_progress set position = least(position + ${window}::bigint, ${head}::bigint)
    where webhook_id = any(${webhooks.map(({ id }) => id)}::uuid[])
  `.execute(db)
}

/** A delivery in hand, with all that sending it needs but the secrets in the clear. */
export interface ClaimedDelivery extends Omit<FormattedWebhook, 'id' | 'targets'> {
  id: string
  webhook_id: string
  type: string
  body: string | null
  event_id: string | null
  item: number
  target: number
  topics: string[]
  tries: number
  attempts: number
  created_at: Date
  round_at: Date
  claimed_until: Date
  /** Of the target; null where the webhook has it no more. */
  url: string | null
  /** Whoever runs the house wrote the URL: it may be a private address. */
  declared: boolean
  retries: 'automatic' | 'manual'
  secret: string
  /** Sealed. */
  credentials: string | null
  previous_secret: string | null
  previous_until: Date | null
}

export interface Claim {
  now: Date
  until: Date
  /** In all. */
  most: number
  /** In hand of one webhook at once, here and elsewhere: while it takes what it gets, and while it does not. */
  each: number
  eachFailing: number
}

/**
 * Takes deliveries that are due, the healthy webhooks' first, a few of each. Whoever claims the same row meanwhile
 * finds it taken. One that somebody held too long is taken from them.
 */
export async function claimDeliveries(
  db: Db,
  { now, until, most, each, eachFailing }: Claim,
): Promise<ClaimedDelivery[]> {
  const { rows } = await sql<ClaimedDelivery>`
    with due as (
      select d.id
      from webhook w
      join webhook_progress p on p.webhook_id = w.id
      cross join lateral (
        select count(*) as held from webhook_delivery h
        where h.webhook_id = w.id and h.state = 'pending' and h.claimed_until > ${now}::timestamptz) busy
      cross join lateral (
        select o.id, o.next_attempt_at, row_number() over (order by o.next_attempt_at, o.id) as nth
        from (
          select f.id, f.next_attempt_at from webhook_delivery f
          where f.webhook_id = w.id and f.state = 'pending' and f.next_attempt_at <= ${now}::timestamptz
            and (f.claimed_until is null or f.claimed_until <= ${now}::timestamptz)
          order by f.next_attempt_at, f.id limit ${each}) o) d
      where w.disabled_at is null
        and d.nth + busy.held <= case when p.failing_since is null then ${each}::int else ${eachFailing}::int end
      order by p.failing_since is not null, d.nth, d.next_attempt_at limit ${most})
    update webhook_delivery d set claimed_until = ${until}::timestamptz
    from webhook w
    where d.id in (select id from due) and w.id = d.webhook_id and d.state = 'pending'
      and (d.claimed_until is null or d.claimed_until <= ${now}::timestamptz)
    returning d.id, d.webhook_id, d.type, d.body, d.event_id, d.tries, d.attempts, d.created_at, d.round_at,
      d.claimed_until, d.item, d.target, d.topics, w.project_id, w.format, w.branches, w.settings, w.retries,
      case d.target when 0 then w.url else w.other_urls[d.target] end as url, w.credentials,
      d.target = 0 and w.url is not distinct from w.declared_url as declared,
      w.secret, w.previous_secret, w.previous_until
  `.execute(db)
  return rows
}

export async function keepBodies(db: Db, rows: readonly { id: string; body: string }[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update webhook_delivery d set body = row.body
    from json_to_recordset(${JSON.stringify(rows)}::json) as row (id uuid, body text)
    where d.id = row.id and d.body is null
  `.execute(db)
}

/** What was not sent after all is free for the next. */
export async function releaseClaim(db: Db, { id, claimed_until }: ClaimedDelivery): Promise<void> {
  await db
    .updateTable('webhook_delivery')
    .set({ claimed_until: null })
    .where('id', '=', id)
    .where('claimed_until', '=', claimed_until)
    .execute()
}

/** The same of everything, where whoever held it is known to be dead. */
export async function releaseAllClaims(db: Db): Promise<void> {
  await db
    .updateTable('webhook_delivery')
    .set({ claimed_until: null })
    .where('state', '=', 'pending')
    .where('claimed_until', 'is not', null)
    .execute()
}

export interface AttemptOutcome {
  at: Date
  duration_ms: number
  status: number | null
  error: string | null
  answer: string | null
  state: 'pending' | 'delivered' | 'failed'
  next_attempt_at: Date | null
}

/** Writes down an attempt. False: somebody else took the delivery meanwhile, and writes for it. */
export async function recordAttempt(
  db: Db,
  { id, webhook_id, claimed_until }: ClaimedDelivery,
  { at, duration_ms, status, error, answer, state, next_attempt_at }: AttemptOutcome,
): Promise<boolean> {
  const finished = state === 'pending' ? null : at
  const { rows } = await sql`
    with moved as (
      update webhook_delivery set state = ${state}, tries = tries + 1, attempts = attempts + 1,
        next_attempt_at = ${next_attempt_at}::timestamptz, claimed_until = null, status = ${status}::int,
        finished_at = ${finished}::timestamptz
      where id = ${id}::uuid and claimed_until = ${claimed_until}::timestamptz and state = 'pending'
      returning id, attempts),
    logged as (
      insert into webhook_attempt (delivery_id, number, at, duration_ms, status, error, answer)
      select id, attempts, ${at}::timestamptz, ${duration_ms}::int, ${status}::int, ${error}::text, ${answer}::text
      from moved),
    health as (
      update webhook_progress set failing_since = case when ${state} = 'delivered' then null else ${at}::timestamptz end
      where webhook_id = ${webhook_id}::uuid and (failing_since is null) <> (${state} = 'delivered')
        and exists (select from moved))
    select id from moved
  `.execute(db)
  return rows.length > 0
}
