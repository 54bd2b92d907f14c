import { DomainError } from '#domain/errors.ts'
import type { Db } from '#store/database.ts'
import { findWebhook, listWebhooks as listRows, lockWebhook, type WebhookRow } from '#store/webhook.ts'
import { authorize, authorizeNamed } from '../authorize.ts'
import type { Context } from '../context.ts'
import { requireReach } from './within-reach.ts'
import { viewWebhook, type WebhookView } from './webhook-view.ts'

export interface WhichWebhook {
  webhook_id: string
}

/** Throws `not_found`, `forbidden`. */
export async function getWebhook(ctx: Context, which: WhichWebhook): Promise<WebhookView> {
  return viewWebhook(await requireWebhook(ctx, ctx.db, which, findWebhook))
}

/** Held until the transaction ends. Throws also `version_conflict`. */
export async function holdWebhook(
  ctx: Context,
  tx: Db,
  which: WhichWebhook,
  version?: number,
): Promise<WebhookRow> {
  const row = await requireWebhook(ctx, tx, which, lockWebhook)
  if (version !== undefined && version !== row.version)
    throw new DomainError('version_conflict', { what: 'webhook', id: row.id, version: row.version })
  return row
}

async function requireWebhook(
  ctx: Context,
  db: Db,
  { webhook_id }: WhichWebhook,
  read: (db: Db, id: string) => Promise<WebhookRow | undefined>,
): Promise<WebhookRow> {
  const row = await read(db, webhook_id)
  const missing = { what: 'webhook', id: webhook_id } as const
  if (!row) throw new DomainError('not_found', missing)
  authorizeNamed(ctx, 'webhook.admin', { project_id: row.project_id }, missing)
  requireReach(ctx, row.environment_ids)
  return row
}

export interface WebhookList {
  /** Null: those of the instance. */
  project_id: string | null
  limit: number
  after?: string
}

/** Oldest first. Throws `forbidden`. */
export async function listWebhooks(
  ctx: Context,
  { project_id, ...page }: WebhookList,
): Promise<WebhookView[]> {
  authorize(ctx, 'webhook.admin', { project_id })
  requireReach(ctx, ctx.principal?.branches ? null : [])
  const bound = ctx.principal?.environment_ids ?? null
  return (await listRows(ctx.db, { project_id, within: bound }, page)).map(viewWebhook)
}
