import { isDeepStrictEqual } from 'node:util'
import type { Json } from './json.ts'

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
  if (found.length >= most || isDeepStrictEqual(before, after)) return
  if (!isObject(before) || !isObject(after)) {
    found.push({ path, before, after })
    return
  }
  for (const name of [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted())
    compare([...path, name], before[name] ?? null, after[name] ?? null, found, most)
}

function isObject(value: Json): value is { [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
