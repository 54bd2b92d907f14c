import type { ResourceContent } from '#domain/blueprint.ts'
import { resourceKey } from '#domain/blueprint.ts'
import type { ModuleMaterial, RootMaterial } from './bench.ts'
import { moduleName } from './module-name.ts'
import { indexed } from './template.ts'

/** What a configuration cannot be made of. Its message is for whoever released it. */
export class RootError extends Error {}

/** A resource with what it is called in the configuration, and its module. */
export interface RootResource {
  key: string
  content: ResourceContent
  /** `service__api`. */
  called: string
  module: ModuleMaterial
}

/** @throws RootError where a module is not there */
export function rootResources({ resources, modules }: RootMaterial): Map<string, RootResource> {
  return new Map(
    resources.map(({ key, content }) => {
      const module = modules.get(content.module)
      if (!module) throw new RootError(`The module of ${key} (${content.module}) is not there any more.`)
      const called = moduleName(content.type, content.name)
      return [resourceKey(content.type, content.name), { key, content, called, module }]
    }),
  )
}

/** @throws RootError: `who` refers to a resource that is not in the configuration */
export function findResource(
  all: ReadonlyMap<string, RootResource>,
  { type, name }: { type: string; name: string },
  who: string,
): RootResource {
  const found = all.get(resourceKey(type, name))
  if (!found)
    throw new RootError(
      `The resource ${who} refers to ${resourceKey(type, name)}, which is not in the release.`,
    )
  return found
}

/**
 * The expression for a part of what a resource brings forth: its module's `attributes` or `interfaces`, which are there
 * where it has the locals, else those inside its output `default`. Undefined: it brings forth no such thing.
 */
export function outputExpression(
  { called, module: { contract } }: RootResource,
  of: 'attributes' | 'interfaces',
  path: readonly (string | number)[] = [],
): string | undefined {
  const { outputs } = contract
  if (outputs[of]) return indexed(`module.${called}.${of}`, path)
  if (outputs.default) return indexed(`module.${called}.default.${of}`, path)
  return undefined
}
