import type { Field, FieldInput, Block } from '#catalogue/content/field.ts'
import { readFieldRules } from './field-rules.ts'

type Wire = { [key: string]: unknown }

/** Booleans that the vendor keeps on a field under our names. */
const flags = ['mandatory', 'unique', 'multiple', 'non_localizable'] as const

const named = ['uid', 'data_type', 'display_name', 'reference_to', 'schema', 'blocks', ...flags]

/**
 * What of the vendor's types the catalogue has none for. A global field is a group where its fields come along, else
 * any object; taxonomies are lists of terms that are kept as they are. Neither can be made here (README.md).
 */
function typeOf({ data_type, schema }: Wire): unknown {
  if (data_type === 'global_field') return Array.isArray(schema) ? 'group' : 'json'
  return data_type === 'taxonomy' || data_type === 'experience_container' ? 'json' : data_type
}

/** A field of the wire as the catalogue takes it. What is no object is handed on, for the catalogue to refuse. */
export function readField(wire: unknown): FieldInput {
  if (!isObject(wire)) return wire as FieldInput
  const type = typeOf(wire)
  const field: Wire = { uid: wire.uid, type }
  if (wire.display_name !== undefined) field.name = wire.display_name
  for (const flag of flags) if (wire[flag] !== undefined && wire[flag] !== null) field[flag] = wire[flag]
  if (type === 'reference' && wire.reference_to !== undefined) field.reference_to = [wire.reference_to].flat()
  if (type === 'group' && wire.schema !== undefined) field.fields = readFields(wire.schema)
  if (type === 'blocks' && wire.blocks !== undefined)
    field.blocks = Array.isArray(wire.blocks) ? wire.blocks.map(readBlock) : wire.blocks
  if (type === 'reference' && isObject(wire.field_metadata))
    field.multiple = wire.multiple === true || wire.field_metadata.ref_multiple === true
  field.annotations = annotationsOf(wire, field)
  const rules = readFieldRules(wire)
  const { min_items: _min, max_items: _max, ...single } = rules ?? {}
  const list = field.multiple === true || type === 'blocks' || type === 'reference'
  if (rules) field.rules = list ? rules : single
  return field as unknown as FieldInput
}

export function readFields(wire: unknown): FieldInput[] {
  return Array.isArray(wire) ? wire.map(readField) : (wire as FieldInput[])
}

function readBlock(wire: unknown): unknown {
  if (!isObject(wire)) return wire
  const { uid, title, schema, ...rest } = wire
  // A block made of a global field, which is not sent along.
  const open = schema === undefined && wire.reference_to !== undefined
  return {
    uid,
    ...(title === undefined ? {} : { name: title }),
    ...(open ? { open } : { fields: readFields(schema ?? []) }),
    annotations: rest,
  }
}

/**
 * Everything else is kept as it came, and so is what means less here than on the wire: the type where the catalogue
 * has another, whether a reference is `multiple` where its metadata says otherwise, and what is referred to by a bare name, or by
 * a field that is no reference (rich text names the types that it may embed).
 */
function annotationsOf(wire: Wire, { type, multiple }: Wire): Wire {
  const kept = Object.entries(wire).filter(([key]) => !named.includes(key))
  if (type !== wire.data_type) kept.push(['data_type', wire.data_type])
  if (type === 'reference' && wire.multiple !== undefined && wire.multiple !== multiple)
    kept.push(['multiple', wire.multiple])
  if (wire.reference_to !== undefined && (type !== 'reference' || typeof wire.reference_to === 'string'))
    kept.push(['reference_to', wire.reference_to])
  return Object.fromEntries(kept)
}

/** A field as its clients know it, with all that they had put beside it. */
export function writeField(field: Field): Wire {
  const { uid, type, name, reference_to, fields, blocks, rules: _, annotations, ...own } = field
  return {
    display_name: name,
    uid,
    data_type: type,
    mandatory: own.mandatory,
    unique: own.unique,
    multiple: own.multiple,
    non_localizable: own.non_localizable,
    ...(type === 'reference' ? { reference_to } : {}),
    ...(type === 'group' ? { schema: (fields ?? []).map(writeField) } : {}),
    ...(type === 'blocks' ? { blocks: (blocks ?? []).map(writeBlock) } : {}),
    ...annotations,
  }
}

function writeBlock({ uid, name, fields, open, annotations }: Block): Wire {
  return { title: name, uid, ...(open ? {} : { schema: fields.map(writeField) }), ...annotations }
}

function isObject(value: unknown): value is Wire {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
