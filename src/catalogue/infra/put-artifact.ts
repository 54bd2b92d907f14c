import type { Json, JsonObject } from '#domain/json.ts'
import type { Module } from './blueprint.ts'
import { isObject } from './is-object.ts'
import type { MergedResource } from './merge-resources.ts'
import type { Fault } from './put-in.ts'
import { escapeReferences, splitReferences } from './reference.ts'

/**
 * The resource with the address of what was built for it where its module wants that (`artifact_inputs.primary`). Which
 * application that is says `build.name` beside it, else the resource's own name. A reference that stands there stays, and
 * so does what the environment's override says.
 */
export function putArtifact(
  { source, content, changes, own }: MergedResource,
  { contract }: Module,
  artifacts: ReadonlyMap<string, string>,
  faults: Fault[],
): JsonObject {
  const path = contract.artifact_path?.split('.')
  if (!path || path.includes('__proto__')) return content
  const before = at(content, path)
  const isReference =
    typeof before === 'string' && splitReferences(before).some(({ kind }) => kind !== 'literal')
  if (isReference || (changes && !own(path))) return content
  const build = at(content, [...path.slice(0, -1), 'build', 'name'])
  const application = typeof build === 'string' && build !== '' ? build : source.name
  const uri = artifacts.get(application)
  if (uri !== undefined) return withValue(content, path, escapeReferences(uri))
  if (before === undefined || before === null || before === '')
    faults.push({
      category: 'input_validation',
      severity: 'warning',
      path: path.slice(0, 1),
      message: `no artifact of ${application} is registered for this environment: ${contract.artifact_path} stays empty`,
    })
  return content
}

function at(value: Json | undefined, path: readonly string[]): Json | undefined {
  let found = value
  for (const step of path) found = isObject(found) && Object.hasOwn(found, step) ? found[step] : undefined
  return found
}

function withValue(value: Json | undefined, [step, ...rest]: readonly string[], last: string): JsonObject {
  const object = isObject(value) ? value : {}
  if (step === undefined) return object
  return { ...object, [step]: rest.length === 0 ? last : withValue(object[step], rest, last) }
}
