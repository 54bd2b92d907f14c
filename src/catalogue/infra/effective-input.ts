import type { JsonObject } from '#domain/json.ts'
import type { Blueprint, ModuleIndex } from './blueprint.ts'

export interface Override {
  resource_type: string
  resource_name: string
  /** Null: nothing. */
  changes: JsonObject | null
  /** Null: as the blueprint says. */
  disabled: boolean | null
}

export interface EffectiveInput {
  blueprint: Blueprint
  modules: ModuleIndex
  /** What modules are told of the environment: `name`, `unique_name` and whatever else it has. */
  environment: JsonObject
  overrides: readonly Override[]
  /** The values of the environment; of a secret only that there is one, and its version. */
  variables: readonly { name: string; value: string | null; secret: boolean; version: number }[]
  /** By application: the address of what was built. */
  artifacts: ReadonlyMap<string, string>
}
