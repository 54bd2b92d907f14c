import type { FieldFault } from '#domain/errors.ts'
import type { PinnedItem } from '#domain/item.ts'
import { insertBulkJob, type BulkJobRow } from '#store/bulk-job.ts'
import { insertBulkJobItems, type NewBulkJobItem } from '#store/bulk-job-item.ts'
import { authorIn, type Context, type Unit } from '../context.ts'

/** What a job is to say of itself. */
export type JobFacts = Pick<
  BulkJobRow,
  'project_id' | 'branch' | 'kind' | 'release_id' | 'with_references' | 'locales'
>

/**
 * Keeps a job and its items, in the transaction that does its work: whoever can read the job finds it done. `id` is
 * the request's where deployments do the work.
 */
export async function recordJobIn(
  ctx: Context,
  { tx }: Unit,
  facts: JobFacts,
  items: readonly NewBulkJobItem[],
  id = ctx.newId(),
): Promise<string> {
  await insertBulkJob(tx, { ...facts, id, requested_by: authorIn(ctx), created_at: ctx.now() })
  await insertBulkJobItems(tx, id, items)
  return id
}

type Outcome = Pick<NewBulkJobItem, 'outcome'> &
  Partial<Pick<NewBulkJobItem, 'code' | 'field' | 'reason' | 'depth'>>

/** A job's item that could be pinned, and what became of it. */
export function jobItem(
  { key, kind, action, version, title }: PinnedItem,
  { outcome, code = null, field = null, reason = null, depth = 0 }: Outcome,
): NewBulkJobItem {
  const done = { outcome, code, field, reason, depth }
  return { item_key: key, kind, action: action === 'unpublish' ? action : 'publish', version, title, ...done }
}

/** One that could not. */
export function refusedItem(
  asked: { key: string; kind?: string; action: NewBulkJobItem['action']; title?: string },
  { field, detail }: Pick<FieldFault, 'field' | 'detail'>,
  code = 'invalid',
): NewBulkJobItem {
  const { key: item_key, kind = '', action, title = '' } = asked
  const failed = { outcome: 'failed' as const, code, field, reason: detail, depth: 0 }
  return { item_key, kind, action, version: null, title, ...failed }
}
