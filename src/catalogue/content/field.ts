import type { JsonObject } from '#store/columns.ts'

export type { Json, JsonObject } from '#store/columns.ts'

export const fieldTypes = [
  'text',
  'number',
  'boolean',
  'isodate',
  'file',
  'link',
  'reference',
  'group',
  'blocks',
  'json',
] as const

export type FieldType = (typeof fieldTypes)[number]

/** What a field's values must keep besides its type. */
export interface Rules {
  /** Of text: a regular expression of JavaScript. */
  pattern?: string
  /** Of text or numbers: the only values that there are. */
  choices?: (string | number)[]
  /** Of numbers, or dates of ISO 8601. */
  minimum?: number | string
  maximum?: number | string
  /** Of a list that is filled in. */
  min_items?: number
  max_items?: number
}

/** One field of a content type. */
export interface Field {
  uid: string
  type: FieldType
  /** What people see. */
  name: string
  mandatory: boolean
  /** No two entries of the type have the same value in the same locale. */
  unique: boolean
  /** Its value is a list. */
  multiple: boolean
  /** Other locales have the master's value. */
  non_localizable: boolean
  /** Of a reference: the content types that it may point at. Left out: any. */
  reference_to?: string[]
  /** Of a group. */
  fields?: Field[]
  /** Of blocks. */
  blocks?: Block[]
  rules?: Rules
  /** What a surface keeps beside it. Never read here. */
  annotations?: JsonObject
}

/** One kind of block that a field of blocks may hold. */
export interface Block {
  uid: string
  name: string
  fields: Field[]
  /** Its fields are not known here: it holds any object. */
  open?: boolean
  annotations?: JsonObject
}

/** A field as a caller writes it: what is left out is false, and the name is the uid. */
export type FieldInput = Pick<Field, 'uid' | 'type'> &
  Partial<Omit<Field, 'fields' | 'blocks'>> & { fields?: FieldInput[]; blocks?: BlockInput[] }

export type BlockInput = Pick<Block, 'uid'> & Partial<Omit<Block, 'fields'>> & { fields?: FieldInput[] }

/** Limits of a content type. */
export const fieldLimits = {
  /** Groups and blocks within one another, the outermost counting as one. */
  nesting: 5,
  /** Fields of a content type, those of its groups and blocks included. */
  fields: 500,
  /** Characters of a uid, a name, a title. */
  uid: 100,
  name: 255,
} as const

/** What every entry carries beside its fields; no field may be called so. */
export const reservedUids: readonly string[] = [
  'uid',
  'locale',
  'tags',
  'ACL',
  'created_at',
  'created_by',
  'updated_at',
  'updated_by',
  'deleted_at',
  'deleted_by',
  'publish_details',
  'content_type_uid',
]

/** An own property: a field may well be called `constructor`. */
export function valueOf(data: JsonObject, uid: string) {
  return Object.hasOwn(data, uid) ? data[uid] : undefined
}

/** Whether nothing is filled in. Blank text is empty; `false` and `0` are not. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (typeof value === 'string') return value.trim() === ''
  return Array.isArray(value) && value.length === 0
}
