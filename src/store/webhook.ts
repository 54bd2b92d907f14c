import { sql, type Generated, type Insertable, type Selectable, type Updateable } from 'kysely'
import type { JsonColumnWithDefault, JsonObject } from './columns.ts'
import type { Db } from './database.ts'

export interface WebhookTable {
  id: string
  project_id: string | null
  environment_ids: string[] | null
  url: string
  kinds: string[]
  description: Generated<string>
  /** Sealed. */
  secret: string
  /** Sealed; signs too, until then. */
  previous_secret: string | null
  previous_until: Date | null
  disabled_at: Date | null
  disabled_reason: string | null
  version: Generated<number>
  created_by: string | null
  created_at: Date
  updated_at: Date
  /** Who writes its messages: `standard` is ourselves. */
  format: Generated<string>
  other_urls: Generated<string[]>
  /** Null: of all. */
  branches: string[] | null
  settings: JsonColumnWithDefault<JsonObject>
  /** Sealed. */
  credentials: string | null
  retries: Generated<'automatic' | 'manual'>
  updated_by: string | null
  /** In headgate.yaml. */
  declared_name: string | null
  declared_url: string | null
}

/** What whoever writes its messages has to know of it. */
export interface FormattedWebhook {
  id: string
  project_id: string | null
  format: string
  branches: string[] | null
  settings: JsonObject
  /** How many URLs it sends to. */
  targets: number
}

export interface WebhookProgressTable {
  webhook_id: string
  /** Of the chain: up to here its deliveries have been made. */
  position: number
  /** Since when it has not taken a delivery. */
  failing_since: Date | null
}

export type WebhookRow = Selectable<WebhookTable> & Pick<Selectable<WebhookProgressTable>, 'failing_since'>

const select = (db: Db) =>
  db
    .selectFrom('webhook')
    .innerJoin('webhook_progress', 'webhook_progress.webhook_id', 'webhook.id')
    .selectAll('webhook')
    .select('webhook_progress.failing_since')

export function findWebhook(db: Db, id: string): Promise<WebhookRow | undefined> {
  return select(db).where('webhook.id', '=', id).executeTakeFirst()
}

/** Held until the transaction ends. */
export function lockWebhook(db: Db, id: string): Promise<WebhookRow | undefined> {
  return select(db).where('webhook.id', '=', id).forUpdate('webhook').executeTakeFirst()
}

/** The one of headgate.yaml that has this name, held until the transaction ends. */
export function lockDeclaredWebhook(db: Db, name: string): Promise<WebhookRow | undefined> {
  return select(db).where('webhook.declared_name', '=', name).forUpdate('webhook').executeTakeFirst()
}

/** Oldest first. Null: those of the instance. `within`: only those of these environments. */
export function listWebhooks(
  db: Db,
  { project_id, within }: { project_id: string | null; within: readonly string[] | null },
  { limit, after }: { limit: number; after?: string },
): Promise<WebhookRow[]> {
  let query = select(db)
    .where('webhook.project_id', project_id === null ? 'is' : '=', project_id)
    .orderBy('webhook.id')
    .limit(limit)
  if (after !== undefined) query = query.where('webhook.id', '>', after)
  if (within) query = query.where(sql<boolean>`webhook.environment_ids <@ ${sql.val(within)}::uuid[]`)
  return query.execute()
}

export interface FormattedWebhooks {
  project_id: string
  format: string
  /** Only those that are told of nothing but these. */
  within: { environment_ids: readonly string[] | null; branches: readonly string[] | null }
}

/** Those of one format, the newest first. */
export function listFormattedWebhooks(
  db: Db,
  wanted: FormattedWebhooks,
  { limit, offset }: { limit: number; offset: number },
): Promise<WebhookRow[]> {
  return select(db)
    .where(formatted(wanted))
    .orderBy('webhook.id', 'desc')
    .limit(limit)
    .offset(offset)
    .execute()
}

export async function countFormattedWebhooks(db: Db, wanted: FormattedWebhooks): Promise<number> {
  const row = await db
    .selectFrom('webhook')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where(formatted(wanted))
    .executeTakeFirstOrThrow()
  return row.count
}

function formatted({ project_id, format, within: { environment_ids, branches } }: FormattedWebhooks) {
  return sql<boolean>`webhook.project_id = ${project_id}::uuid and webhook.format = ${format}
    and (${environment_ids === null} or webhook.environment_ids <@ ${sql.val(environment_ids)}::uuid[])
    and (${branches === null} or webhook.branches <@ ${sql.val(branches)}::text[])`
}

export async function countWebhooks(db: Db, project_id: string | null): Promise<number> {
  const row = await db
    .selectFrom('webhook')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('project_id', project_id === null ? 'is' : '=', project_id)
    .executeTakeFirstOrThrow()
  return row.count
}

/** It is told of what is sealed from now on. */
export async function insertWebhook(db: Db, row: Insertable<WebhookTable>): Promise<void> {
  await db.insertInto('webhook').values(row).execute()
  await sql`
    insert into webhook_progress (webhook_id, position)
    values (${row.id}::uuid, (select coalesce(max(position), 0) from event_seal))
  `.execute(db)
}

export async function updateWebhook(db: Db, id: string, change: Updateable<WebhookTable>): Promise<void> {
  await db
    .updateTable('webhook')
    .set({ ...change, version: sql<number>`version + 1` })
    .where('id', '=', id)
    .execute()
}

/** What happened while it was disabled is passed over. */
export async function skipToHead(db: Db, id: string): Promise<void> {
  await sql`
    update webhook_progress set failing_since = null,
      position = (select coalesce(max(position), 0) from event_seal)
    where webhook_id = ${id}::uuid
  `.execute(db)
}

export async function removeWebhook(db: Db, id: string): Promise<void> {
  await db.deleteFrom('webhook').where('id', '=', id).execute()
}
