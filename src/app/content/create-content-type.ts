import type { FieldInput, JsonObject } from '#catalogue/content/field.ts'
import { readFields } from '#catalogue/content/read-fields.ts'
import { insertContentType } from '#store/content-type.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, type Context } from '../context.ts'
import { getPlace, refuse, type Place } from './content-place.ts'
import { asTakenName, faultsOfDescription, faultsOfUid } from './content-type-input.ts'
import { viewContentType, type ContentTypeView } from './get-content-type.ts'

export interface NewContentType extends Place {
  uid: string
  title: string
  description?: string
  /** Checked as if it could be anything. */
  fields: readonly FieldInput[]
  options?: JsonObject
}

/** Throws `not_found` (the branch), `invalid` (`uid`, `title`, `fields.…`; a taken uid or title is `not_unique`). */
export async function createContentType(ctx: Context, input: NewContentType): Promise<ContentTypeView> {
  const { project_id, branch, uid, title, description = '', options = {} } = input
  authorize(ctx, 'catalogue.edit', { project_id, branch })
  const { fields, faults } = readFields(input.fields)
  refuse([
    ...faultsOfUid(uid),
    ...faultsOfDescription({ title: title ?? '', description, options }),
    ...faults,
  ])
  return transact(ctx, async (unit) => {
    const { branch_id } = await getPlace(unit.tx, { project_id, branch })
    const by = authorIn(ctx)
    const at = ctx.now()
    const row = await insertContentType(unit.tx, {
      id: ctx.newId(),
      branch_id,
      uid,
      title,
      description,
      version: 1,
      fields: JSON.stringify(fields),
      options: JSON.stringify(options),
      created_by: by,
      updated_by: by,
      created_at: at,
      updated_at: at,
    })
    unit.record({
      kind: 'content_type.created',
      project_id,
      subject_id: row.id,
      data: { branch, uid, title, version: 1 },
    })
    return viewContentType(row)
  }).catch((error: unknown) => {
    throw asTakenName(error, { uid, title })
  })
}
