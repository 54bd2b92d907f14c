import { resourceKey, type ResourceContent } from '#domain/blueprint.ts'
import type { Json, JsonObject } from '#domain/json.ts'
import type { Module, ModuleIndex } from './blueprint.ts'
import { chooseModule, wantedModule } from './choose-module.ts'
import type { EffectiveInput } from './effective-input.ts'
import { isObject } from './is-object.ts'
import type { MergedResource } from './merge-resources.ts'
import { putIn, type Fault, type Path, type Values } from './put-in.ts'
import { putArtifact } from './put-artifact.ts'
import { splitReferences } from './reference.ts'
import { readInputs } from './resource-inputs.ts'

export interface MadeContent {
  /** Null: there is no module for it. */
  content: ResourceContent | null
  instance: JsonObject
  /** Keys of the resources that it needs. */
  takes: Set<string>
  faults: Fault[]
}

export interface Making {
  input: EffectiveInput
  modules: ModuleIndex
  values: Values
}

/** What becomes of one resource, and what is wrong with it. */
export function makeContent(resource: MergedResource, { input, modules, values }: Making): MadeContent {
  const { type, name } = resource.source
  const faults: Fault[] = []
  const wanted = wantedModule(type, resource.content)
  if (wanted.intent !== type)
    say(
      faults,
      'input_validation',
      ['kind'],
      `its kind is ${wanted.intent}, but it lies in the folder ${type}`,
      'warning',
    )
  const chosen = chooseModule(modules, wanted)
  const module = typeof chosen === 'string' ? undefined : chosen
  if (typeof chosen === 'string') say(faults, 'missing_module', [], chosen)
  const whole = module ? putArtifact(resource, module, input.artifacts, faults) : resource.content
  const taken = putIn(asInstance(whole, type, module), values)
  faults.push(...taken.faults)
  const instance = taken.value as JsonObject
  const takes = new Set<string>()
  for (const { reference, path } of taken.outputs) {
    const key = resourceKey(reference.type, reference.name)
    if (key === resource.key) say(faults, 'invalid_reference', path, `${reference.text}: it refers to itself`)
    else takes.add(key)
  }
  if (!module) return { content: null, instance, takes, faults }
  const read = readInputs(instance, module, values)
  for (const key of read.taken) takes.add(key)
  faults.push(...read.faults, ...faultsByModule(instance, name, module))
  const content: ResourceContent = {
    type,
    name,
    flavor: module.contract.flavor,
    module_version: module.contract.version,
    module: module.digest,
    instance,
    inputs: read.inputs,
    ...(read.depends_on.length > 0 ? { depends_on: read.depends_on } : {}),
    environment: input.environment,
    secrets: { ...taken.secrets, ...read.secrets },
  }
  return { content, instance, takes, faults }
}

function say(
  faults: Fault[],
  category: Fault['category'],
  path: Path,
  message: string,
  severity: Fault['severity'] = 'error',
): void {
  faults.push({ category, severity, path, message })
}

/** As a module gets it: with all that modules look at, also where the file leaves it out. */
function asInstance(content: JsonObject, type: string, module: Module | undefined): JsonObject {
  return {
    ...content,
    kind: content.kind ?? type,
    ...(module ? { flavor: module.contract.flavor, version: module.contract.version } : {}),
    disabled: false,
    metadata: isObject(content.metadata) ? content.metadata : {},
    spec: content.spec ?? {},
  }
}

/**
 * What its module has against it. That the spec is not as the module's schema has it is a warning: schemas are made for
 * forms, and what Terraform makes of it only Terraform knows.
 */
function faultsByModule(instance: JsonObject, name: string, module: Module): Fault[] {
  const faults: Fault[] = []
  const limit = module.name_length_limit
  if (limit !== null && name.length > limit)
    say(
      faults,
      'input_validation',
      [],
      `its name has ${name.length} characters, and its module allows ${limit}`,
    )
  const broken = module.check.broken()
  if (broken !== undefined)
    say(faults, 'schema_compliance', [], `the schema of its module cannot be read: ${broken}`, 'warning')
  for (const { path, message } of module.check.faultsOf(instance.spec ?? {})) {
    // What stands there is known only when Terraform runs.
    if (hasReference(valueAt(instance.spec, path))) continue
    const where = ['spec', ...path]
    say(faults, 'schema_compliance', where, `${where.at(-1)} ${message}`, 'warning')
  }
  return faults
}

const hasReference = (value: Json | undefined) =>
  typeof value === 'string' && splitReferences(value).some(({ kind }) => kind !== 'literal')

function valueAt(value: Json | undefined, path: Path): Json | undefined {
  let at = value
  for (const step of path) at = Array.isArray(at) ? at[Number(step)] : isObject(at) ? at[step] : undefined
  return at
}
