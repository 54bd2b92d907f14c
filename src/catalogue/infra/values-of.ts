import type { Json } from '#domain/json.ts'
import type { EffectiveInput } from './effective-input.ts'
import type { MergedResource } from './merge-resources.ts'
import type { Values } from './put-in.ts'

/** What the references of a blueprint lead to in an environment. */
export function valuesOf(input: EffectiveInput, merged: ReadonlyMap<string, MergedResource>): Values {
  const { blueprint, variables, artifacts } = input
  const given = new Map(variables.map((one) => [one.name, one]))
  const broken = new Set(
    blueprint.findings.flatMap(({ item_key }) =>
      item_key !== null && !blueprint.resources.has(item_key) ? item_key : [],
    ),
  )
  return {
    variable(name) {
      const meta = blueprint.variables.get(name)
      const own = given.get(name)
      if (!meta && !own) return undefined
      // What the blueprint keeps secret stays so, whatever an environment calls it.
      const secret = meta?.secret === true || own?.secret === true
      return { secret, version: own?.version ?? 0, value: own ? own.value : textOf(meta?.fallback) }
    },
    artifact: (application) => artifacts.get(application),
    resource(key) {
      const found = merged.get(key)
      if (!found) return { state: broken.has(key) ? 'unreadable' : 'missing' }
      if (found.disabled !== null) return { state: 'disabled' }
      return found.out ? { state: 'present', out: found.out } : { state: 'present' }
    },
  }
}

/** Variables are text; a default that is something else is written as JSON. */
function textOf(value: Json | undefined): string | null {
  if (value === undefined || value === null) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}
