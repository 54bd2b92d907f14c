import type { JsonObject } from '#catalogue/content/field.ts'
import { readEntry } from '#catalogue/content/read-entry.ts'
import { isItemUid } from '#catalogue/content/read-value.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import { hasContentItems, insertContentItem } from '#store/content-item.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, type Context, type Unit } from '../context.ts'
import { claimEntryPlace, refuse } from './content-place.ts'
import type { EntryKey, EntryView } from './get-entry.ts'
import { versionOf, writeVersions } from './write-versions.ts'

export interface NewEntry extends EntryKey {
  /** The master when left out. */
  locale?: string
  /** Checked as if it could be anything. */
  data: JsonObject
  /** Mandatory fields may be empty. It cannot be deployed until they are not. */
  in_progress?: boolean
  /** Names in the data that say nothing where the type has no field of that name. */
  passed_over?: readonly string[]
}

/**
 * The first entry of a type whose `options` say `singleton: true` is its only one. Throws `not_found`, `already_exists` (an
 * entry of this uid is or was there), `invalid` (`entry.…`, `uid`; `entry` `too_many`).
 */
export async function createEntry(ctx: Context, input: NewEntry): Promise<EntryView> {
  const { project_id, branch, content_type_uid, uid, in_progress = false, passed_over } = input
  authorize(ctx, 'catalogue.edit', { project_id, branch })
  if (!isItemUid(uid))
    throw invalidField('uid', 'invalid', 'A uid has letters, digits, dots, dashes, underscores.')
  return transact(ctx, async (unit) => {
    const place = await claimEntryPlace(unit.tx, input)
    const { branch_id, type, locale } = place
    const { data, title, faults } = readEntry({
      ...{ fields: type.fields, input: input.data, in_progress, passed_over },
    })
    refuse(faults)
    if (type.options.singleton === true) await refuseSecond(unit, { branch_id, content_type_uid })
    const by = authorIn(ctx)
    const at = ctx.now()
    const item = { id: ctx.newId(), branch_id, uid, kind: 'entry' as const, content_type_uid }
    if (!(await insertContentItem(unit.tx, { ...item, created_by: by, created_at: at })))
      throw new DomainError('already_exists', { what: 'entry', id: uid })
    const version = versionOf(place, { locale, data, in_progress, checked: true })
    await writeVersions(ctx, unit, { item, versions: [version], at })
    unit.record({
      kind: 'entry.created',
      project_id,
      subject_id: item.id,
      data: { branch, uid, content_type_uid, locale, version: 1, title },
    })
    const written = { locale, version: 1, version_name: null, title, data, in_progress }
    return {
      id: item.id,
      uid,
      content_type_uid,
      ...written,
      created_by: by,
      created_at: at,
      updated_by: by,
      updated_at: at,
    }
  })
}

/** A type of one entry is held by one writer at a time: of two first entries one is the second. */
async function refuseSecond(
  { tx }: Unit,
  within: { branch_id: string; content_type_uid: string },
): Promise<void> {
  if (await hasContentItems(tx, within))
    throw invalidField('entry', 'too_many', 'The content type has one entry only, which is there already.')
}
