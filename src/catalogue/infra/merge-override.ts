import { deepmergeCustom } from 'deepmerge-ts'
import type { JsonObject } from '#domain/json.ts'

/** Objects member by member; lists and all else as the override has them. */
const merge = deepmergeCustom({ mergeArrays: false, mergeSets: false, mergeMaps: false })

/** A resource as an environment has it: the blueprint's, with the override over it. Neither is changed. */
export function mergeOverride(resource: JsonObject, changes: JsonObject): JsonObject {
  return merge(resource, changes) as JsonObject
}
