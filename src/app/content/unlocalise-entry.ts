import { DomainError, invalidField } from '#domain/errors.ts'
import { listDraftLocales, removeDrafts } from '#store/content-draft.ts'
import { claimContentItem } from '#store/content-item.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { claimEntryPlace } from './content-place.ts'
import type { EntryKey } from './get-entry.ts'

/**
 * Lets an entry say in a locale what it says in the fallback again. Its versions in the locale stay, for what pins
 * them, and so does what is live. Throws `not_found` (also where it is not written in the locale), `invalid`
 * (`locale`: the master, or the only one that it is written in).
 */
export async function unlocaliseEntry(ctx: Context, input: EntryKey & { locale: string }): Promise<void> {
  const { project_id, branch, content_type_uid, uid, locale } = input
  authorize(ctx, 'catalogue.edit', { project_id, branch })
  return transact(ctx, async (unit) => {
    const { master } = await claimEntryPlace(unit.tx, input)
    if (locale === master) throw invalidField('locale', 'invalid', 'The master locale falls back to nothing.')
    const item = await claimContentItem(unit.tx, { project_id, branch, uid }, 'entry', 'write')
    if (!item || item.content_type_uid !== content_type_uid)
      throw new DomainError('not_found', { what: 'entry', id: uid })
    const written = await listDraftLocales(unit.tx, item.id)
    if (!written.includes(locale)) throw new DomainError('not_found', { what: 'locale', id: locale })
    if (written.length === 1)
      throw invalidField('locale', 'invalid', 'The entry is written in no other locale.')
    await removeDrafts(unit.tx, item.id, [locale])
    unit.record({
      kind: 'entry.updated',
      project_id,
      subject_id: item.id,
      data: { branch, uid, content_type_uid, locale, unlocalised: true },
    })
  })
}
