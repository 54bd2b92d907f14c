import { resourceKey, type Finding } from '#domain/blueprint.ts'
import type { Json, JsonObject } from '#domain/json.ts'
import type { Blueprint, BlueprintResource } from './blueprint.ts'
import type { Override } from './effective-input.ts'
import { finding } from './finding.ts'
import { isObject } from './is-object.ts'
import { jsonFault, pathText } from './json-fault.ts'
import { mergeOverride } from './merge-override.ts'
import type { Path } from './put-in.ts'

/** A resource with its environment's override over it. */
export interface MergedResource {
  key: string
  source: BlueprintResource
  content: JsonObject
  changes: JsonObject | null
  disabled: 'blueprint' | 'override' | null
  /** What it is, where it is provided from elsewhere and nothing is to be made of it. */
  out: JsonObject | null
  /** Whether what stands at a path is the blueprint's own. */
  own(path: Path): boolean
}

/** All resources of a blueprint as an environment has them, by key, in their order. */
export function mergeResources(
  { resources }: Blueprint,
  overrides: readonly Override[],
  findings: Finding[],
): Map<string, MergedResource> {
  const byKey = new Map(overrides.map((one) => [resourceKey(one.resource_type, one.resource_name), one]))
  for (const [key, { changes, disabled }] of byKey)
    if (!resources.has(key) && (changes || disabled !== null)) findings.push(withoutResource(key))
  const merged = [...resources.values()].map((source): [string, MergedResource] => {
    const override = byKey.get(source.key)
    const fault = override?.changes ? jsonFault(override.changes) : undefined
    if (fault)
      findings.push(
        finding('override_syntax', source.file, `the environment's override: ${fault.message}`, {
          path: pathText(fault.path),
          item_key: source.key,
        }),
      )
    return [source.key, mergeOne(source, override && fault ? { ...override, changes: null } : override)]
  })
  return new Map(merged.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** The resource may be yet to come, or its name was mistyped. */
function withoutResource(key: string): Finding {
  const message = `the environment's override of ${key} does nothing: the blueprint has no such resource`
  return finding('override_syntax', '', message, { severity: 'warning', item_key: key })
}

function mergeOne(source: BlueprintResource, override: Override | undefined): MergedResource {
  const changes = override?.changes ?? null
  const content = changes ? mergeOverride(source.content, changes) : source.content
  const { provided, out } = content
  return {
    key: source.key,
    source,
    content,
    changes,
    disabled: disabledBy(source, changes, override?.disabled ?? null),
    out: (provided === true || provided === 'true') && isObject(out) ? out : null,
    own: (path) => changes === null || at(changes, path) === undefined,
  }
}

function disabledBy(
  source: BlueprintResource,
  changes: JsonObject | null,
  said: boolean | null,
): MergedResource['disabled'] {
  const byChanges = changes?.disabled
  const here =
    said ?? (byChanges === true || byChanges === 'true' ? true : byChanges === undefined ? null : false)
  if (here !== null) return here ? 'override' : null
  return source.disabled ? 'blueprint' : null
}

function at(value: Json | undefined, path: Path): Json | undefined {
  let found = value
  for (const step of path) {
    if (Array.isArray(found)) found = found[Number(step)]
    else if (isObject(found) && Object.hasOwn(found, step)) found = found[step]
    else return undefined
  }
  return found
}
