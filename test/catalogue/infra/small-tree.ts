import { fileOf, treeOf, type FileTree } from '#catalogue/infra/file-tree.ts'
import type { EffectiveInput } from '#catalogue/infra/effective-resources.ts'
import { effectiveResources } from '#catalogue/infra/effective-resources.ts'
import { readBlueprint } from '#catalogue/infra/read-blueprint.ts'
import { readModules } from '#catalogue/infra/read-modules.ts'
import type { Json } from '#domain/json.ts'

export type Files = Readonly<Record<string, string | Uint8Array | { readonly [key: string]: Json }>>

/** A folder that lies nowhere. Objects are written as JSON. */
export function smallTree(files: Files): FileTree {
  const written = Object.entries(files).map(([path, content]) => {
    const text =
      typeof content === 'string' || content instanceof Uint8Array
        ? content
        : JSON.stringify(content, null, 2)
    return [path, fileOf(Buffer.from(text))] as const
  })
  return treeOf('a small tree', written)
}

/** What a module is at the least, and more lines of its contract. */
export function moduleFiles(
  folder: string,
  [intent, flavor, version]: readonly [string, string, string],
  more = '',
): Files {
  return {
    [`${folder}/facets.yaml`]: [
      `intent: ${intent}`,
      `flavor: ${flavor}`,
      `version: "${version}"`,
      'clouds: [aws, kubernetes]',
      'description: a module of a test',
      ...(more.includes('spec:') ? [] : ['spec: {}']),
      more,
    ].join('\n'),
    [`${folder}/main.tf`]: [
      'variable "instance" {\n  type = any\n}',
      'variable "instance_name" {\n  type = string\n}',
      'locals {\n  output_attributes = {}\n  output_interfaces = {}\n}\n',
    ].join('\n'),
  }
}

export const serviceModule = moduleFiles('service/k8s/0.1', ['service', 'k8s', '0.1'])

export const service = (more: { [key: string]: Json } = {}) => ({
  kind: 'service',
  flavor: 'k8s',
  version: '0.1',
  ...more,
})

/** What an environment gets of a blueprint of these files. */
export async function effectiveOf(
  files: Files,
  {
    modules = serviceModule,
    ...more
  }: Partial<Omit<EffectiveInput, 'modules' | 'blueprint'>> & { modules?: Files } = {},
) {
  const input: EffectiveInput = {
    blueprint: readBlueprint(smallTree({ 'stack.json': {}, ...files })),
    modules: await readModules(smallTree(modules)),
    environment: { name: 'prod', unique_name: 'platform-prod' },
    overrides: [],
    variables: [],
    artifacts: new Map(),
    ...more,
  }
  return effectiveResources(input)
}
