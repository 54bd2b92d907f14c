import type { Static } from 'typebox'
import { createContentType } from '#app/content/create-content-type.ts'
import { getContentType, listContentTypes, type ContentTypeView } from '#app/content/get-content-type.ts'
import { removeContentType } from '#app/content/remove-content-type.ts'
import { updateContentType } from '#app/content/update-content-type.ts'
import type { FieldInput } from '#catalogue/content/field.ts'
import { invalidField } from '#domain/errors.ts'
import type { contentTypes } from '../endpoints/content-types.ts'
import { readJsonForm } from '../json-form.ts'
import { authorsOf } from '../names.ts'
import { flag, whole } from '../query.ts'
import { readList } from '../read-list.ts'
import { readBody } from '../read-body.ts'
import { answering, created, makes, reads, takes, type Routes, type StackCall } from '../route.ts'
import { typeFields } from '../translate/condition.ts'
import { writeContentType } from '../translate/content-type.ts'
import { assetTypes } from '../translate/release.ts'
import { readFields } from '../translate/field.ts'
import { ContentTypeChange, NewContentType } from '../wire.ts'
import { NoticeAnswer } from '../wire-answers.ts'

const named = ({ params }: StackCall) => params.content_type ?? ''
const placeOf = ({ project_id, branch }: StackCall) => ({ project_id, branch })

export const contentTypeRoutes: Routes<typeof contentTypes> = {
  create: makes(NewContentType, async (call: StackCall, { content_type }) => {
    const made = await make(call, content_type)
    return { notice: 'Content Type created successfully.', content_type: await answerOne(call, made) }
  }),

  /** A type out of the file that the vendor exports it to; with `overwrite` it may be there already. */
  import: created(
    reads(async (call: StackCall) => {
      const sent = readBody(NewContentType, {
        content_type: await readJsonForm(call, 'content_type'),
      })
      const made = await importOne(call, sent.content_type)
      return { notice: 'Content Type imported successfully.', content_type: await answerOne(call, made) }
    }),
  ),

  list: reads(async (call: StackCall) => {
    const { counts, input } = await readList(call, typeFields)
    const { content_types, total } = await listContentTypes(call.ctx, { ...placeOf(call), ...input })
    if (counts) return { content_types: total }
    return {
      content_types: await answerAll(call, content_types),
      ...(total === undefined ? {} : { count: total }),
    }
  }),

  get: reads(async (call: StackCall) => ({ content_type: await answerOne(call, await atVersion(call)) })),

  /** As a file: the type itself, without a wrapper. */
  export: reads(async (call: StackCall) => answerOne(call, await atVersion(call))),

  update: takes(ContentTypeChange, async (call: StackCall, { content_type }) => {
    const changed = await change(call, named(call), content_type)
    return { notice: 'Content Type updated successfully.', content_type: await answerOne(call, changed) }
  }),

  remove: answering(
    NoticeAnswer,
    reads(async (call: StackCall) => {
      const force = flag(call.query, 'force')
      await removeContentType(call.ctx, { ...placeOf(call), uid: named(call), force })
      return { notice: 'Content Type deleted successfully.' }
    }),
  ),

  /** The types that have a field referring to this one. */
  references: reads(async (call: StackCall) => {
    const uid = named(call)
    await getContentType(call.ctx, { ...placeOf(call), uid })
    const { content_types } = await listContentTypes(call.ctx, { ...placeOf(call), limit: 1000 })
    return { references: content_types.filter((type) => refersTo(type.fields, uid)).map((type) => type.uid) }
  }),
}

const atVersion = (call: StackCall) =>
  getContentType(call.ctx, {
    ...{ ...placeOf(call), uid: named(call) },
    version: whole(call.query, 'version', 1),
  })

type New = Static<typeof NewContentType>['content_type']
type Change = Static<typeof ContentTypeChange>['content_type']

function make(call: StackCall, { title, uid, schema, description, options }: New): Promise<ContentTypeView> {
  if (assetTypes.includes(uid)) throw invalidField('content_type.uid', 'invalid', 'is reserved.')
  const fields = readFields(schema)
  refuseWithoutUrl(fields, options)
  return createContentType(call.ctx, {
    ...{ ...placeOf(call), uid, title, description, fields },
    options: options as never,
  })
}

async function change(call: StackCall, uid: string, sent: Change): Promise<ContentTypeView> {
  const { title, schema, description, options } = sent
  const key = { ...placeOf(call), uid }
  const fields = schema === undefined ? undefined : readFields(schema)
  if (fields || options) {
    const before = fields && options ? undefined : await getContentType(call.ctx, key)
    refuseWithoutUrl(fields ?? before?.fields, options ?? before?.options)
  }
  return updateContentType(call.ctx, {
    ...{ ...key, title, description },
    ...(fields === undefined ? {} : { fields }),
    ...(options === undefined ? {} : { options: options as never }),
  })
}

async function importOne(call: StackCall, sent: New): Promise<ContentTypeView> {
  if (!flag(call.query, 'overwrite')) return make(call, sent)
  const where = { system: 'uid', is: 'equal', value: sent.uid } as const
  const { content_types } = await listContentTypes(call.ctx, { ...placeOf(call), where, limit: 1 })
  return content_types.length > 0 ? change(call, sent.uid, sent) : make(call, sent)
}

/** A page has an address (section 3.3). */
function refuseWithoutUrl(fields: readonly FieldInput[] = [], options: { is_page?: unknown } = {}): void {
  if (options.is_page !== true || !Array.isArray(fields) || fields.some((field) => field?.uid === 'url'))
    return
  throw invalidField('content_type.fields', 'invalid', 'A page has a field "url".')
}

type Fields = ContentTypeView['fields']

function refersTo(fields: Fields, uid: string): boolean {
  return fields.some(
    ({ reference_to = [], fields: inner = [], blocks = [] }) =>
      reference_to.includes(uid) ||
      refersTo(inner, uid) ||
      blocks.some((block) => refersTo(block.fields, uid)),
  )
}

async function answerAll(
  { ctx, query, branch }: StackCall,
  all: readonly ContentTypeView[],
): Promise<object[]> {
  const users = await authorsOf(ctx, all)
  const where = flag(query, 'include_branch') ? { _branch: branch } : {}
  return all.map((type) => ({ ...writeContentType(type, users), ...where }))
}

async function answerOne(call: StackCall, type: ContentTypeView): Promise<object> {
  const [answer] = (await answerAll(call, [type])) as [object]
  return answer
}
