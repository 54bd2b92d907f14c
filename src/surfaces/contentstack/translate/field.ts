import type { Field, FieldInput, Block } from '#catalogue/content/field.ts'

type Wire = { [key: string]: unknown }

/** Booleans that the vendor keeps on a field under our names. */
const flags = ['mandatory', 'unique', 'multiple', 'non_localizable'] as const

const named = ['uid', 'data_type', 'display_name', 'reference_to', 'schema', 'blocks', ...flags]

/** A field of the wire as the catalogue takes it. What is no object is handed on, for the catalogue to refuse. */
export function readField(wire: unknown): FieldInput {
  if (!isObject(wire)) return wire as FieldInput
  const field: Wire = { uid: wire.uid, type: wire.data_type }
  if (wire.display_name !== undefined) field.name = wire.display_name
  for (const flag of flags) if (wire[flag] !== undefined && wire[flag] !== null) field[flag] = wire[flag]
  if (wire.reference_to !== undefined) field.reference_to = [wire.reference_to].flat()
  if (wire.data_type === 'group' && wire.schema !== undefined) field.fields = readFields(wire.schema)
  if (wire.data_type === 'blocks' && wire.blocks !== undefined)
    field.blocks = Array.isArray(wire.blocks) ? wire.blocks.map(readBlock) : wire.blocks
  field.annotations = annotationsOf(wire)
  if (wire.data_type === 'reference' && isObject(wire.field_metadata))
    field.multiple = wire.multiple === true || wire.field_metadata.ref_multiple === true
  return field as unknown as FieldInput
}

export function readFields(wire: unknown): FieldInput[] {
  return Array.isArray(wire) ? wire.map(readField) : (wire as FieldInput[])
}

function readBlock(wire: unknown): unknown {
  if (!isObject(wire)) return wire
  const { uid, title, schema, ...rest } = wire
  return {
    uid,
    ...(title === undefined ? {} : { name: title }),
    fields: readFields(schema ?? []),
    annotations: rest,
  }
}

/**
 * Everything else is kept as it came. So are two fields that mean less here than on the wire: whether a reference
 * is `multiple` (its metadata says it), and a type that is referred to by a bare name.
 */
function annotationsOf(wire: Wire): Wire {
  const kept = Object.entries(wire).filter(([key]) => !named.includes(key))
  if (wire.data_type === 'reference' && wire.multiple !== undefined) kept.push(['multiple', wire.multiple])
  if (typeof wire.reference_to === 'string') kept.push(['reference_to', wire.reference_to])
  return Object.fromEntries(kept)
}

/** A field as its clients know it, with all that they had put beside it. */
export function writeField(field: Field): Wire {
  const { uid, type, name, reference_to, fields, blocks, annotations, ...own } = field
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

function writeBlock({ uid, name, fields, annotations }: Block): Wire {
  return { title: name, uid, schema: fields.map(writeField), ...annotations }
}

function isObject(value: unknown): value is Wire {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
