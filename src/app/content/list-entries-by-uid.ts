import { listDraftsByUid } from '#store/content-draft.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { getPlace, type Place } from './content-place.ts'
import { viewEntry, type EntryView } from './get-entry.ts'

/**
 * Entries of any type at their latest versions, in no order: what references point at, for any number of them. Those
 * that are not there are left out. Throws `not_found` (the branch or locale).
 */
export async function listEntriesByUid(
  ctx: Context,
  { project_id, branch, locale, uids }: Place & { locale?: string; uids: readonly string[] },
): Promise<EntryView[]> {
  authorize(ctx, 'catalogue.read', { project_id, branch })
  if (uids.length === 0) return []
  const { branch_id, chain } = await getPlace(ctx.db, { project_id, branch, locale })
  return (await listDraftsByUid(ctx.db, { branch_id, chain, uids })).map(viewEntry)
}
