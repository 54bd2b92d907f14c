import type { FieldChange } from './diff-fields.ts'
import type { Json } from './field.ts'
import { isObject } from './json.ts'

/** How much of a value is shown. */
const most = { text: 1000, document: 4000 }

/** The uids of entries and assets that a changed field refers to, before or after. */
export function namedIn({ type, before, after }: FieldChange): string[] {
  if (type !== 'reference' && type !== 'file') return []
  return [before, after].flatMap((value) => several(value).map(uidOf)).filter((uid) => uid !== undefined)
}

/**
 * The field with its values as people read them: a reference is `{ uid, content_type_uid, title }`, a file `{ uid,
 * title }`, a long text is cut, and of a document that is too long only that is said.
 */
export function nameReferences(field: FieldChange, titleOf: (uid: string) => string | null): FieldChange {
  const show = (value: Json) => shown(field, value, titleOf)
  return { ...field, before: show(field.before), after: show(field.after) }
}

function shown({ type }: FieldChange, value: Json, titleOf: (uid: string) => string | null): Json {
  if (type !== 'reference' && type !== 'file') return cut(value)
  const named = several(value).map((each) => {
    const uid = uidOf(each)
    if (uid === undefined) return cut(each)
    const target = isObject(each) ? each._content_type_uid : undefined
    return { uid, ...(target === undefined ? {} : { content_type_uid: target }), title: titleOf(uid) }
  })
  return Array.isArray(value) ? named : (named[0] ?? null)
}

function several(value: Json): Json[] {
  if (value === null) return []
  return Array.isArray(value) ? value : [value]
}

function uidOf(value: Json): string | undefined {
  const uid = isObject(value) ? value.uid : value
  return typeof uid === 'string' ? uid : undefined
}

function cut(value: Json): Json {
  if (typeof value === 'string') return value.length > most.text ? `${value.slice(0, most.text)}…` : value
  if (typeof value !== 'object' || value === null) return value
  return JSON.stringify(value).length > most.document ? '…' : value
}
