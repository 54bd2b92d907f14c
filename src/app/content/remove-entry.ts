import { DomainError } from '#domain/errors.ts'
import { listDraftLocales, removeDrafts } from '#store/content-draft.ts'
import { claimContentItem, removeContentItems } from '#store/content-item.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { claimEntryPlace } from './content-place.ts'
import type { EntryKey } from './get-entry.ts'
import { unpublishItems } from './unpublish-items.ts'

export interface EntryRemoval extends EntryKey {
  /** `all` takes the entry itself; so does the last locale that it is written in. */
  locales: 'all' | readonly string[]
}

/**
 * Deletes an entry, or what it says in some locales. What of it is live under them is unpublished by a deployment,
 * which gates may hold up: until then readers are served it. Answers the environments concerned. Throws `not_found`.
 */
export async function removeEntry(
  ctx: Context,
  input: EntryRemoval,
): Promise<{ unpublished_from: string[] }> {
  const { project_id, branch, content_type_uid, uid } = input
  authorize(ctx, 'catalogue.edit', { project_id, branch })
  return transact(ctx, async (unit) => {
    const { branch_id, locales: known } = await claimEntryPlace(unit.tx, {
      project_id,
      branch,
      content_type_uid,
    })
    const unknown = input.locales === 'all' ? undefined : input.locales.find((code) => !isKnown(known, code))
    if (unknown !== undefined) throw new DomainError('not_found', { what: 'locale', id: unknown })
    const item = await claimContentItem(unit.tx, { project_id, branch, uid }, 'entry', 'delete')
    if (!item || item.content_type_uid !== content_type_uid)
      throw new DomainError('not_found', { what: 'entry', id: uid })
    const written = await listDraftLocales(unit.tx, item.id)
    const going = input.locales === 'all' ? written : written.filter((code) => input.locales.includes(code))
    if (going.length === 0) throw new DomainError('not_found', { what: 'entry', id: uid })
    const all = going.length === written.length
    const unpublished_from = await unpublishItems(ctx, unit, {
      project_id,
      branch,
      branch_id,
      uids: [uid],
      ...(all ? {} : { of: ({ locale }) => going.includes(locale) }),
      reason: `Entry ${uid} was deleted.`,
    })
    if (all) await removeContentItems(unit.tx, [item.id], ctx.now())
    else await removeDrafts(unit.tx, item.id, going)
    unit.record({
      kind: 'entry.removed',
      project_id,
      subject_id: item.id,
      data: { branch, uid, content_type_uid, locales: all ? 'all' : going },
    })
    return { unpublished_from }
  })
}

function isKnown(locales: readonly { code: string }[], code: string): boolean {
  return locales.some((each) => each.code === code)
}
