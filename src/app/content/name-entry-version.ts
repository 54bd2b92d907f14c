import { isText } from '#catalogue/content/json.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import { claimContentItem } from '#store/content-item.ts'
import { findNamedVersion, updateVersionName } from '#store/content-version.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { claimEntryPlace, refuseVersion } from './content-place.ts'
import type { EntryKey } from './get-entry.ts'

export interface NamedVersion extends EntryKey {
  locale?: string
  version: number
  /** Null takes the name away. */
  name: string | null
  /** Takes the name from the version that has it. */
  force?: boolean
}

const mostCharacters = 100

/** Throws `not_found` (also the version), `invalid` (`name`: too long, or another version's while not forced). */
export async function nameEntryVersion(ctx: Context, input: NamedVersion): Promise<void> {
  const { project_id, branch, content_type_uid, uid, version, name, force = false } = input
  authorize(ctx, 'catalogue.edit', { project_id, branch })
  if (name !== null && (!isText(name) || name.trim() === '' || name.length > mostCharacters))
    throw invalidField('name', 'invalid', `A name has 1 to ${mostCharacters} characters.`)
  refuseVersion(version)
  return transact(ctx, async (unit) => {
    const { locale } = await claimEntryPlace(unit.tx, input)
    const item = await claimContentItem(unit.tx, { project_id, branch, uid }, 'entry', 'write')
    if (!item || item.content_type_uid !== content_type_uid)
      throw new DomainError('not_found', { what: 'entry', id: uid })
    const key = { item_id: item.id, locale }
    const holder = name === null ? undefined : await findNamedVersion(unit.tx, { ...key, name })
    if (holder !== undefined && holder !== version && !force)
      throw invalidField('name', 'not_unique', `Version ${holder} has this name.`)
    if (!(await updateVersionName(unit.tx, { ...key, version, name })))
      throw new DomainError('not_found', { what: 'version', id: String(version) })
    unit.record({
      kind: 'entry.updated',
      project_id,
      subject_id: item.id,
      data: { branch, uid, content_type_uid, locale, version, version_name: name },
    })
  })
}
