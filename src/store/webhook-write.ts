import { sql } from 'kysely'
import type { Actor, EventKind } from '#domain/events.ts'
import type { JsonObject } from './columns.ts'
import type { Db } from './database.ts'

/** A webhook that has events of the chain before it. */
export interface WebhookBehind {
  id: string
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

/** Those furthest behind, held until the transaction ends; those that another process holds are left to it. */
export async function lockBehind(db: Db, most: number): Promise<WebhookBehind[]> {
  const { rows } = await sql<WebhookBehind>`
    select w.id, w.kinds, p.position
    from webhook_progress p join webhook w on w.id = p.webhook_id
    where w.disabled_at is null and p.position < (select coalesce(max(position), 0) from event_seal)
    order by p.position limit ${most} for update of p skip locked
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
}

/** One that is there already, of the same event to the same webhook, stays as it is. */
export async function insertDeliveries(db: Db, rows: readonly NewDelivery[], now: Date): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into webhook_delivery (id, webhook_id, event_id, type, state, next_attempt_at, created_at, round_at)
    select id, webhook_id, event_id, type, 'pending', ${now}::timestamptz, ${now}::timestamptz, ${now}::timestamptz
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as row (id uuid, webhook_id uuid, event_id uuid, type text)
    on conflict (webhook_id, event_id) do nothing
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
export interface ClaimedDelivery {
  id: string
  webhook_id: string
  project_id: string | null
  type: string
  body: string | null
  event_id: string | null
  tries: number
  attempts: number
  created_at: Date
  round_at: Date
  claimed_until: Date
  url: string
  secret: string
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
      d.claimed_until, w.project_id, w.url, w.secret, w.previous_secret, w.previous_until
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
        next_attempt_at = ${next_attempt_at}::timestamptz, claimed_until = null,
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

/** What a message tells of an event. */
export interface ToldEvent {
  id: string
  at: Date
  kind: EventKind
  subject_id: string | null
  actor: Actor
  reason: string | null
  data: JsonObject
  project_id: string | null
  project_key: string | null
  environment_id: string | null
  environment_name: string | null
}

export async function listToldEvents(db: Db, ids: readonly string[]): Promise<ToldEvent[]> {
  const { rows } = await sql<ToldEvent>`
    select e.id, e.at, e.kind, e.subject_id, e.actor, e.reason, e.data, e.project_id, e.environment_id,
      p.key as project_key, v.name as environment_name
    from event e left join project p on p.id = e.project_id left join environment v on v.id = e.environment_id
    where e.id = any(${ids}::uuid[])
  `.execute(db)
  return rows
}

/** What a message tells of a deployment that has ended. */
export interface ToldDeployment {
  id: string
  state: string
  dry_run: boolean
  reason: string | null
  failure_code: string | null
  failure_detail: string | null
  counts: { [outcome: string]: number }
  rolls_back: string | null
  requested_at: Date
  started_at: Date | null
  finished_at: Date | null
  release_id: string
  release_name: string
  revision_number: number
  digest: string
}

export async function listToldDeployments(db: Db, ids: readonly string[]): Promise<ToldDeployment[]> {
  const { rows } = await sql<ToldDeployment>`
    select d.id, d.state, d.dry_run, d.reason, d.failure_code, d.failure_detail, d.counts, d.rolls_back,
      d.requested_at, d.started_at, d.finished_at, d.release_id, r.name as release_name,
      v.number as revision_number, v.digest
    from deployment d join release r on r.id = d.release_id join revision v on v.id = d.revision_id
    where d.id = any(${ids}::uuid[])
  `.execute(db)
  return rows
}
