import type { Json, JsonObject } from '#catalogue/content/field.ts'
import type { Query } from '../query.ts'
import { isObject } from './leaves.ts'

/** The fields that a client wants, and those that it does not; paths of uids, joined by dots. Empty: no matter. */
export interface Narrowing {
  only: readonly string[]
  except: readonly string[]
}

/** What the fields of the entry itself are called in `only[BASE][]`. */
const base = 'BASE'

/** Kept whatever was wanted: what tells objects apart. */
const kept = ['uid', '_content_type_uid']

/**
 * `only[BASE][]` and `except[BASE][]`, also without `BASE`, and `only[author.company][]` for what is included behind
 * references (section 1.8). By the path of the include; the entry's own is empty.
 */
export function narrowings(query: Query): Map<string, Narrowing> {
  const all = new Map<string, Narrowing>()
  if (!Object.keys(query).some((key) => key.startsWith('only') || key.startsWith('except'))) return all
  for (const [key, values = []] of Object.entries(query)) {
    const [, word, at = base] = /^(only|except)(?:\[([^\]]+)\])?(?:\[\d*\])?$/.exec(key) ?? []
    if (word !== 'only' && word !== 'except') continue
    const path = at === base || /^\d*$/.test(at) ? '' : at
    const known = all.get(path) ?? { only: [], except: [] }
    all.set(path, { ...known, [word]: [...known[word], ...[values].flat()] })
  }
  return all
}

/** The object with only the fields that are wanted, its uid always. */
export function narrowTo(object: JsonObject, narrowing: Narrowing | undefined): JsonObject {
  if (!narrowing) return object
  const { only, except } = narrowing
  const picked = only.length === 0 ? object : pick(object, [...kept, ...only])
  return except.length === 0 ? picked : leave(picked, except)
}

/** The entry itself, narrowed as the query says. */
export function narrow(entry: JsonObject, query: Query): JsonObject {
  return narrowTo(entry, narrowings(query).get(''))
}

function pick(object: JsonObject, paths: readonly string[]): JsonObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) => {
      if (paths.includes(key)) return [[key, value]]
      const deeper = within(paths, key)
      return deeper.length === 0 ? [] : [[key, each(value, (part) => pick(part, deeper))]]
    }),
  )
}

function leave(object: JsonObject, paths: readonly string[]): JsonObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) => {
      if (paths.includes(key) && !kept.includes(key)) return []
      const deeper = within(paths, key)
      return [[key, deeper.length === 0 ? value : each(value, (part) => leave(part, deeper))]]
    }),
  )
}

function within(paths: readonly string[], key: string): string[] {
  return paths.filter((path) => path.startsWith(`${key}.`)).map((path) => path.slice(key.length + 1))
}

function each(value: Json, change: (part: JsonObject) => JsonObject): Json {
  if (Array.isArray(value)) return value.map((part) => (isObject(part) ? change(part) : part))
  return isObject(value) ? change(value) : value
}
