import canonicalize from 'canonicalize'
import type { Json, JsonObject } from './json.ts'

/** Where two values of JSON differ. Null: not there. */
export interface JsonDifference {
  path: string[]
  before: Json
  after: Json
}

/** The innermost places at which two objects differ, in the order of their names, `most` at most. Lists differ as a whole. */
export function jsonDifferences(before: Json, after: Json, most = 200): JsonDifference[] {
  const found: JsonDifference[] = []
  compare([], before, after, found, most)
  return found
}

function compare(path: string[], before: Json, after: Json, found: JsonDifference[], most: number): void {
  if (found.length >= most) return
  const [one, other] = [insideOf(before, after), insideOf(after, before)]
  if (!one || !other) {
    if (canonicalize(before) !== canonicalize(after)) found.push({ path, before, after })
    return
  }
  for (const name of [...new Set([...Object.keys(one), ...Object.keys(other)])].toSorted())
    compare([...path, name], valueAt(one, name), valueAt(other, name), found, most)
}

/** What is not there at all has nothing inside, as long as the other one has something. */
function insideOf(value: Json, other: Json): JsonObject | undefined {
  if (isObject(value)) return value
  return value === null && isObject(other) && Object.keys(other).length > 0 ? {} : undefined
}

/** Never what an object has by nature. */
function valueAt(object: JsonObject, name: string): Json {
  return Object.hasOwn(object, name) ? (object[name] ?? null) : null
}

function isObject(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
