import { sql } from 'kysely'
import type { DeploymentState } from '#domain/lifecycle.ts'
import type { Db } from './database.ts'

export interface HouseFigures {
  deployments: { kind: string; state: DeploymentState; count: number }[]
  /** Deployments that wait for their environment or a worker; `oldest` is when the first of them began to. */
  queued: number
  oldest_queued: Date | null
  /** Deployments that a worker has in hand. */
  running: number
  /** Scheduled or waiting deployments whose time had come, and when the first of them was due. */
  due: number
  oldest_due: Date | null
  /** Messages to webhooks that were not taken yet, and when the first of them was made. */
  undelivered: number
  oldest_undelivered: Date | null
  /** Webhooks that take nothing at the moment. */
  failing_webhooks: number
}

/** Reads all deployments once: to be asked every some seconds at most. */
export async function readHouseFigures(db: Db, now: Date): Promise<HouseFigures> {
  const { rows: deployments } = await sql<HouseFigures['deployments'][number]>`
    select project.kind, counted.state, sum(counted.count)::int as count
    from (select project_id, state, count(*) as count from deployment group by 1, 2) counted
    join project on project.id = counted.project_id group by 1, 2 order by 1, 2
  `.execute(db)
  const { rows } = await sql<Omit<HouseFigures, 'deployments'>>`
    select
      (select count(*) from deployment where state = 'queued') as queued,
      (select min(queued_at) from deployment where state = 'queued') as oldest_queued,
      (select count(*) from deployment where driver <> 'caller'
        and state in ('planning', 'awaiting_approval', 'applying', 'canceling')) as running,
      (select count(*) from deployment where state = 'requested' and due_at <= ${now}) as due,
      (select min(due_at) from deployment where state = 'requested' and due_at <= ${now}) as oldest_due,
      (select count(*) from webhook_delivery where state = 'pending') as undelivered,
      (select min(created_at) from webhook_delivery where state = 'pending') as oldest_undelivered,
      (select count(*) from webhook_progress where failing_since is not null) as failing_webhooks
  `.execute(db)
  return { deployments, ...rows[0]! }
}

/** Events after the last one that has a seal, and when the first of them happened. Reads only those. */
export async function readSealLag(db: Db): Promise<{ count: number; since: Date | null; sealed: number }> {
  const { rows } = await sql<{ count: number; since: Date | null; sealed: number }>`
    with last as (select position, ordinal from event_seal order by position desc limit 1)
    select count(event.ordinal) as count, min(event.at) as since, coalesce((select position from last), 0) as sealed
    from event where event.ordinal > coalesce((select ordinal from last), 0)
  `.execute(db)
  return rows[0]!
}
