import type { Field, FieldInput, JsonObject } from '#catalogue/content/field.ts'
import { readFields } from '#catalogue/content/read-fields.ts'
import { flaggedPaths } from '#catalogue/content/walk-fields.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import { claimContentType, updateContentType as update, type ContentTypeRow } from '#store/content-type.ts'
import { insertContentTypeVersion } from '#store/content-type-version.ts'
import { insertUniqueValues, removeUniqueFields } from '#store/content-unique.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, type Context, type Unit } from '../context.ts'
import { getPlace, refuse, type Place } from './content-place.ts'
import { asTakenName, faultsOfDescription, unknownType } from './content-type-input.ts'
import { viewContentType, type ContentTypeView } from './get-content-type.ts'

export interface ContentTypeChange extends Place {
  uid: string
  title?: string
  description?: string
  fields?: readonly FieldInput[]
  options?: JsonObject
  /** The version that the caller changes; any when left out. */
  version?: number
}

/**
 * Changes a content type; its version grows, and what it said before is kept. Entries keep what they say: those that do not keep the new rules are
 * told so when they are next written or deployed. Throws `not_found`, `invalid` (a field that shall be unique and is
 * not: `fields` `not_unique`), `version_conflict`.
 */
export async function updateContentType(ctx: Context, input: ContentTypeChange): Promise<ContentTypeView> {
  const { project_id, branch, uid, title, description, options, version } = input
  authorize(ctx, 'catalogue.edit', { project_id, branch })
  const read = input.fields === undefined ? undefined : readFields(input.fields)
  refuse([...faultsOfDescription({ title, description, options }), ...(read?.faults ?? [])])
  return transact(ctx, async (unit) => {
    await getPlace(unit.tx, { project_id, branch })
    const type = await claimContentType(unit.tx, { project_id, branch, uid })
    if (!type) throw unknownType(uid)
    if (version !== undefined && version !== type.version)
      throw new DomainError('version_conflict', { what: 'content type', id: uid, version: type.version })
    if (read) await changeUniqueFields(unit, type, read.fields)
    await insertContentTypeVersion(unit.tx, type.id)
    const row = await update(unit.tx, type.id, {
      ...(title === undefined ? {} : { title }),
      ...(description === undefined ? {} : { description }),
      ...(read ? { fields: JSON.stringify(read.fields) } : {}),
      ...(options === undefined ? {} : { options: JSON.stringify(options) }),
      version: type.version + 1,
      updated_by: authorIn(ctx),
      updated_at: ctx.now(),
    })
    unit.record({
      kind: 'content_type.updated',
      project_id,
      subject_id: row.id,
      data: { branch, uid, title: row.title, version: row.version },
    })
    return viewContentType(row)
  }).catch((error: unknown) => {
    throw asTakenName(error, { uid, ...(title === undefined ? {} : { title }) })
  })
}

/** Entries written before a field became unique count too. */
async function changeUniqueFields(
  { tx }: Unit,
  type: ContentTypeRow,
  fields: readonly Field[],
): Promise<void> {
  const before = flaggedPaths(type.fields as unknown as Field[], 'unique')
  const after = flaggedPaths(fields, 'unique')
  const names = (paths: string[][]) => paths.map((path) => path.join('.'))
  const gone = names(before).filter((name) => !names(after).includes(name))
  if (gone.length > 0) await removeUniqueFields(tx, type, gone)
  for (const path of after) {
    const name = path.join('.')
    if (names(before).includes(name)) continue
    if (!(await insertUniqueValues(tx, type, path)))
      throw invalidField(
        'fields',
        'not_unique',
        `Entries have the same ${name}, so that it cannot be unique.`,
      )
  }
}
