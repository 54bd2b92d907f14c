import { DomainError } from '#domain/errors.ts'
import type { Db } from '#store/database.ts'
import {
  countFormattedWebhooks,
  findWebhook,
  listFormattedWebhooks as listFormattedRows,
  listWebhooks as listRows,
  lockWebhook,
  type WebhookRow,
} from '#store/webhook.ts'
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
  requireReach(ctx, row)
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
  requireReach(ctx, { environment_ids: [] })
  const bound = ctx.principal?.environment_ids ?? null
  return (await listRows(ctx.db, { project_id, within: bound }, page)).map(viewWebhook)
}

export interface FormattedWebhookList {
  project_id: string
  format: string
  limit: number
  offset: number
  with_total?: boolean
}

/** Those of one format that the caller may see to, the newest first. Throws `forbidden`. */
export async function listFormattedWebhooks(
  ctx: Context,
  { project_id, format, limit, offset, with_total = false }: FormattedWebhookList,
): Promise<{ webhooks: WebhookView[]; total?: number }> {
  authorize(ctx, 'webhook.admin', { project_id })
  const { environment_ids = null, branches = null } = ctx.principal ?? {}
  const wanted = { project_id, format, within: { environment_ids, branches } }
  const webhooks = (await listFormattedRows(ctx.db, wanted, { limit, offset })).map(viewWebhook)
  return with_total ? { webhooks, total: await countFormattedWebhooks(ctx.db, wanted) } : { webhooks }
}
