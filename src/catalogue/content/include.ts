import { isEmpty, valueOf, type Field, type JsonObject } from './field.ts'
import { embeddedUids, eachValue } from './walk-fields.ts'

/** What an answer carries of what its entries point at, beside the assets of their file fields. */
export interface Include {
  /** References, by paths of uids: `author`, `sections.hero.author`, and behind it `author.company`. */
  paths: readonly string[]
  /** What rich text embeds. */
  embedded: boolean
}

/** The fields of each content type, by its uid. */
export type FieldsByType = ReadonlyMap<string, { fields: readonly Field[] }>

/** From entries of a type, `level` references deep, this field leads further. Of JSON, all that is embedded in it. */
export interface Step {
  level: number
  type: string
  field: string
  leads: 'by_file' | 'by_reference' | 'by_embedding'
}

const followed = new WeakMap<FieldsByType, Map<string, readonly Step[]>>()
const mostFollowed = 1000

/** Which fields to follow, level by level, from entries of these types. Sites ask the same again and again. */
export function stepsOf(types: FieldsByType, roots: readonly string[], include: Include): readonly Step[] {
  const asked = followed.get(types) ?? new Map<string, readonly Step[]>()
  followed.set(types, asked)
  const question = JSON.stringify([roots, include.paths, include.embedded])
  const known = asked.get(question) ?? follow(types, roots, include)
  if (asked.size < mostFollowed) asked.set(question, known)
  return known
}

/** Each path gets shorter, so that circles end. */
function follow(types: FieldsByType, roots: readonly string[], include: Include): Step[] {
  const steps: Step[] = []
  let here = new Map(roots.map((type) => [type, new Set(include.paths)]))
  for (let level = 0; here.size > 0; level += 1) {
    const next = new Map<string, Set<string>>()
    for (const [type, paths] of here)
      eachLeaf(types.get(type)?.fields ?? [], '', (field, path) => {
        if (field.type === 'file') steps.push({ level, type, field: path, leads: 'by_file' })
        if (field.type === 'json' && include.embedded && level === 0)
          steps.push({ level, type, field: path, leads: 'by_embedding' })
        if (field.type !== 'reference' || !reaches(paths, path)) return
        steps.push({ level, type, field: path, leads: 'by_reference' })
        for (const target of field.reference_to ?? types.keys()) {
          const left = next.get(target) ?? new Set()
          next.set(target, left)
          for (const rest of behind(paths, path)) left.add(rest)
        }
      })
    // What is embedded carries the assets of its own files, and what they embed no further.
    if (level === 0 && include.embedded)
      for (const type of types.keys()) if (!next.has(type)) next.set(type, new Set())
    here = next
  }
  return steps
}

/** The uids that an entry's data points at itself, as far as it is asked. */
export function uidsWithin(fields: readonly Field[], data: JsonObject, include: Include): string[] {
  const uids = new Set<string>()
  eachValue(fields, data, (field, value, path) => {
    if (field.type === 'file' && typeof value === 'string') uids.add(value)
    if (field.type === 'json' && include.embedded) for (const uid of embeddedUids(value)) uids.add(uid)
    if (field.type !== 'reference' || isEmpty(value) || !reaches(include.paths, path)) return
    const uid = valueOf(value as JsonObject, 'uid')
    if (typeof uid === 'string') uids.add(uid)
  })
  return [...uids]
}

/** Whether the reference at `path` is to be carried whole. */
function reaches(paths: Iterable<string>, path: string): boolean {
  for (const one of paths) if (one === path || one.startsWith(`${path}.`)) return true
  return false
}

/** What is left of the paths behind the reference at `path`. */
function behind(paths: Iterable<string>, path: string): string[] {
  return [...paths].filter((one) => one.startsWith(`${path}.`)).map((one) => one.slice(path.length + 1))
}

function eachLeaf(
  fields: readonly Field[],
  parent: string,
  visit: (field: Field, path: string) => void,
): void {
  for (const field of fields) {
    const path = parent === '' ? field.uid : `${parent}.${field.uid}`
    if (field.type === 'group') eachLeaf(field.fields ?? [], path, visit)
    else if (field.type === 'blocks')
      for (const block of field.blocks ?? []) eachLeaf(block.fields, `${path}.${block.uid}`, visit)
    else visit(field, path)
  }
}
