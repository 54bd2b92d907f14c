import type { Finding, ResourceContent } from '#domain/blueprint.ts'
import type { JsonObject } from '#domain/json.ts'
import type { Blueprint, ModuleIndex } from './blueprint.ts'

export interface EffectiveInput {
  blueprint: Blueprint
  modules: ModuleIndex
  /** What modules are told of the environment: `name`, `unique_name` and whatever else it has. */
  environment: JsonObject
  overrides: readonly {
    resource_type: string
    resource_name: string
    /** Null: nothing. */
    changes: JsonObject | null
    /** Null: as the blueprint says. */
    disabled: boolean | null
  }[]
  /** The values of the environment; of a secret only that there is one, and its version. */
  variables: readonly { name: string; value: string | null; secret: boolean; version: number }[]
  /** By application: the address of what was built. */
  artifacts: ReadonlyMap<string, string>
}

export interface EffectiveResource {
  key: string
  content: ResourceContent
  /** The digest of the content. */
  version: string
}

export interface EffectiveResources {
  /** By key, in their order. Those with errors are not among them. */
  resources: readonly EffectiveResource[]
  /** The blueprint's own, those of the modules that are taken, and what only shows in this environment. */
  findings: readonly Finding[]
  /** Resources that are not to be: by the blueprint's file or by the environment's override. */
  disabled: readonly { key: string; by: 'blueprint' | 'override' }[]
  /** Keys of resources that are provided from elsewhere, so that nothing is made of them. */
  provided: readonly string[]
}

/** What an environment gets of a blueprint. It never throws for what stands in files, overrides or values. */
export async function effectiveResources(_input: EffectiveInput): Promise<EffectiveResources> {
  throw new Error('not yet')
}
