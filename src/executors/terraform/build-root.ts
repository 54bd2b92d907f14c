import { posix } from 'node:path'
import { hash } from 'node:crypto'
import type { Json, JsonObject } from '#domain/json.ts'
import type { ModuleMaterial, RootMaterial } from './bench.ts'
import { renderLiteral, renderValue, secretsVariable, type Rendering } from './render-resource.ts'
import { findResource, RootError, rootResources, type RootResource } from './root-resources.ts'
import { wireInputs, wholeOutput } from './wire-inputs.ts'
import { wireProviders } from './wire-providers.ts'
import { literal } from './template.ts'

/** A configuration as it is laid down for Terraform. */
export interface Root {
  /** By path below the working folder. */
  files: ReadonlyMap<string, string | Uint8Array>
  /** Keys of items, by what their resources are called. */
  keys: ReadonlyMap<string, string>
  /** The secrets that it refers to, open. */
  secrets: Readonly<Record<string, string>>
  /** By the folder that a module lies in here, below the working folder: where it lies in the catalogue. */
  folders: ReadonlyMap<string, string>
}

export const rootFile = 'main.tf.json'
export const secretsFile = 'secrets.auto.tfvars.json'

/**
 * The configuration of an environment: one module per resource, everything of the blueprint as text that means itself
 * but for its references. Where the state is kept is said by the environment alone, so that no secret is in a file.
 *
 * @throws RootError
 */
export function buildRoot(material: RootMaterial): Root {
  const all = rootResources(material)
  const rendering: Rendering = { all, secrets: new Set() }
  const wiring = wireProviders(all)
  const files = new Map<string, string | Uint8Array>()
  const folders = new Map<string, string>()
  const sources = new Map<string, string>()
  for (const { content, module } of all.values()) {
    if (sources.has(content.module)) continue
    const folder = `modules/${hash('sha256', content.module).slice(0, 16)}`
    sources.set(content.module, `./${posix.join(folder, module.contract.entry)}`)
    folders.set(folder, placeOf(module))
    for (const [path, bytes] of moduleFiles(module)) files.set(`${folder}/${path}`, bytes)
  }
  const modules: [string, Json][] = []
  const outputs: [string, Json][] = []
  for (const who of all.values()) {
    const handed = wiring.handed.get(who.called)
    const block = moduleBlock(who, sources.get(who.content.module)!, rendering)
    modules.push([who.called, handed ? { ...block, providers: handed } : block])
    const offers = wholeOutput(who)
    // Kept in the state, where it is looked up what a resource brings forth.
    if (!isEmpty(offers)) outputs.push([who.called, { value: offers, sensitive: true }])
  }
  const secrets = valuesOf(rendering.secrets, material.secrets)
  const root: JsonObject = {
    terraform: {
      backend: { http: {} },
      ...(isEmpty(wiring.required) ? {} : { required_providers: wiring.required }),
    },
    ...(isEmpty(wiring.blocks) ? {} : { provider: wiring.blocks }),
    ...(isEmpty(secrets)
      ? {}
      : { variable: { [secretsVariable]: { type: 'map(string)', sensitive: true } } }),
    ...(modules.length === 0 ? {} : { module: Object.fromEntries(modules) }),
    ...(outputs.length === 0 ? {} : { output: Object.fromEntries(outputs) }),
  }
  files.set(rootFile, `${JSON.stringify(root, null, 1)}\n`)
  if (!isEmpty(secrets)) files.set(secretsFile, JSON.stringify({ [secretsVariable]: secrets }))
  const keys = new Map([...all.values()].map(({ called, key }) => [called, key]))
  return { files, keys, secrets, folders }
}

function moduleBlock(who: RootResource, source: string, rendering: Rendering): JsonObject {
  const { content, module } = who
  const told = {
    instance: renderValue(content.instance, who, rendering),
    instance_name: literal(content.name),
    environment: renderLiteral(content.environment),
    inputs: wireInputs(who, rendering),
  }
  const declared = Object.entries(told).filter(([name]) => module.contract.variables.includes(name))
  const before = (content.depends_on ?? []).map((key) => `module.${waitsFor(who, key, rendering).called}`)
  return {
    source,
    ...(before.length > 0 ? { depends_on: before } : {}),
    ...Object.fromEntries(declared),
  }
}

function waitsFor(who: RootResource, key: string, { all }: Rendering): RootResource {
  const [type = '', ...name] = key.split('/')
  return findResource(all, { type, name: name.join('/') }, who.key)
}

function valuesOf(names: ReadonlySet<string>, values: RootMaterial['secrets']): Record<string, string> {
  const found = [...names].toSorted().map((name): [string, string] => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value === undefined) throw new RootError(`The secret ${name} has no value in this environment.`)
    return [name, value]
  })
  return Object.fromEntries(found)
}

/** Where, below the modules' folder, the root of a module's files lies: its entry is at its own folder. */
function placeOf({ contract: { folder, entry } }: ModuleMaterial): string {
  if (entry === '') return folder
  if (folder === entry) return ''
  return folder.endsWith(`/${entry}`) ? folder.slice(0, -entry.length - 1) : folder
}

/** A module's files, and the outputs that it leaves to the engine: they are made of its locals. */
function* moduleFiles({ contract, files }: ModuleMaterial): Iterable<[string, string | Uint8Array]> {
  const staysInside = (path: string) =>
    posix.normalize(path) === path && !posix.isAbsolute(path) && !/^\.\.(?:\/|$)|[\\\0]/.test(path)
  for (const path of [...files.keys(), ...(contract.entry === '' ? [] : [contract.entry])])
    if (!staysInside(path))
      throw new RootError(`The module ${contract.folder} has a file outside of it: ${JSON.stringify(path)}.`)
  yield* files
  const given = (['attributes', 'interfaces'] as const).filter((of) => contract.outputs[of])
  if (given.length === 0) return
  const output = Object.fromEntries(given.map((of) => [of, { value: `\${local.output_${of}}` }]))
  yield [posix.join(contract.entry, freeName(files, contract.entry)), JSON.stringify({ output })]
}

function freeName(files: ReadonlyMap<string, unknown>, entry: string): string {
  let name = 'headgate_outputs.tf.json'
  while (files.has(posix.join(entry, name))) name = `_${name}`
  return name
}

function isEmpty(value: Json): boolean {
  return value !== null && typeof value === 'object' && Object.keys(value).length === 0
}
