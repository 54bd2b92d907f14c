import type { Field, JsonObject } from '#catalogue/content/field.ts'
import { readFields } from '#catalogue/content/read-fields.ts'
import type { Work } from './work.ts'

interface StagedType {
  fields: Field[]
  options: JsonObject
}

const read = new WeakMap<Work, Map<string, StagedType>>()

/** A content type that is brought in, as far as it keeps the rules: a dry run does not make it. */
export function stagedType(work: Work, uid: string): StagedType | undefined {
  const known = read.get(work) ?? new Map<string, StagedType>()
  read.set(work, known)
  const found = known.get(uid)
  if (found) return found
  const type = work.staged.types.find((one) => one.uid === uid)
  const { fields, faults } = readFields(type?.fields ?? [])
  if (!type || faults.length > 0) return undefined
  const staged = { fields, options: type.options }
  known.set(uid, staged)
  return staged
}
