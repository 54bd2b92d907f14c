import { countContentVersions, listContentVersions, type VersionSummary } from '#store/content-version.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { getPlace, type Page } from './content-place.ts'
import { findEntryItem, type EntryKey } from './get-entry.ts'

export type { VersionSummary } from '#store/content-version.ts'

/**
 * The versions that an entry has in a locale, newest first, or only those that have a name; none where it was never written in it. Throws
 * `not_found` (the branch, locale or entry).
 */
export async function listEntryVersions(
  ctx: Context,
  asked: EntryKey & Page & { locale?: string; named?: boolean },
): Promise<{ versions: VersionSummary[]; total?: number }> {
  const { project_id, branch, content_type_uid, uid, limit, offset = 0 } = asked
  authorize(ctx, 'catalogue.read', { project_id, branch })
  const { chain } = await getPlace(ctx.db, { ...asked, follow: false })
  const { id } = await findEntryItem(ctx, { project_id, branch, content_type_uid, uid })
  const key = { item_id: id, locale: chain[0] ?? '', named: asked.named ?? false }
  const versions = await listContentVersions(ctx.db, { ...key, limit, offset })
  return asked.with_total ? { versions, total: await countContentVersions(ctx.db, key) } : { versions }
}
