import { resourceKey, type ResourceInput } from '#domain/blueprint.ts'
import type { Json, JsonObject } from '#domain/json.ts'
import type { Module } from './blueprint.ts'
import { named } from './finding.ts'
import { isObject } from './is-object.ts'
import { putIn, type Fault, type Path, type Values } from './put-in.ts'

export interface ReadInputs {
  inputs: Record<string, ResourceInput>
  /** Keys of the resources that are taken, and of those that have to be there before. */
  taken: Set<string>
  depends_on: string[]
  faults: Fault[]
  secrets: Record<string, number>
}

/** What a resource takes from others as a whole, by `inputs`, and what it waits for, by `depends_on`. */
export function readInputs(instance: JsonObject, module: Module, values: Values): ReadInputs {
  const read: ReadInputs = { inputs: {}, taken: new Set(), depends_on: [], faults: [], secrets: {} }
  const given = instance.inputs ?? {}
  if (isObject(given))
    for (const [name, input] of Object.entries(given))
      if (input !== null) readInput(name, input, values, read)
      else say(read, ['inputs'], '`inputs` has to be an object of inputs by name')
  const declared = module.contract.inputs
  for (const [name, { optional, type }] of Object.entries(declared))
    if (!optional && isObject(given) && (given[name] === undefined || given[name] === null))
      say(read, ['inputs'], `its module needs the input ${name}${type === '' ? '' : ` (${type})`}`)
  for (const name of Object.keys(read.inputs))
    if (!Object.hasOwn(declared, name))
      read.faults.push({
        category: 'input_validation',
        severity: 'warning',
        path: ['inputs', name],
        message: `its module has no input ${name}: it has ${named(Object.keys(declared)) || 'none'}`,
      })
  readDependsOn(instance.depends_on, values, read)
  return read
}

function say(
  read: ReadInputs,
  path: Path,
  message: string,
  category: Fault['category'] = 'input_validation',
) {
  read.faults.push({ category, severity: 'error', path, message })
}

function readInput(name: string, input: Json, values: Values, read: ReadInputs): void {
  const path = ['inputs', name]
  if (!isObject(input))
    return say(read, path, `the input ${name} has to be { resource_type, resource_name, output_name }`)
  const { resource_type: type, resource_name: called, output_name: output } = input
  if (typeof type !== 'string' || typeof called !== 'string')
    return say(read, path, `the input ${name} has to name a resource_type and a resource_name`)
  if (output !== undefined && output !== null && typeof output !== 'string')
    return say(read, path, `output_name of the input ${name} has to be text`)
  const key = resourceKey(type, called)
  if (!standsThere(key, path, values, read)) return
  const { out } = values.resource(key)
  const provided = out && putIn(out, values)
  if (provided) {
    read.faults.push(...provided.faults.map((fault) => ({ ...fault, path })))
    Object.assign(read.secrets, provided.secrets)
    for (const { reference } of provided.outputs) read.taken.add(resourceKey(reference.type, reference.name))
  } else read.taken.add(key)
  read.inputs[name] = {
    resource_type: type,
    resource_name: called,
    ...(typeof output === 'string' && output !== '' ? { output_name: output } : {}),
    ...(provided ? { provided: provided.value as JsonObject } : {}),
  }
}

function standsThere(key: string, path: Path, values: Values, read: ReadInputs): boolean {
  const { state } = values.resource(key)
  if (state === 'present') return true
  if (state === 'disabled') say(read, path, `the resource ${key} is disabled`, 'disabled_reference')
  else if (state === 'unreadable')
    say(read, path, `the resource ${key} cannot be read`, 'non_existent_reference')
  else say(read, path, `there is no resource ${key}`, 'non_existent_reference')
  return false
}

/** Entries are `type.name`, `type/name`, or `{ resource_type, resource_name }`. */
function readDependsOn(said: Json | undefined, values: Values, read: ReadInputs): void {
  if (said === undefined || said === null) return
  if (!Array.isArray(said)) return say(read, ['depends_on'], '`depends_on` has to be a list of resources')
  for (const [at, one] of said.entries()) {
    const path = ['depends_on', at]
    const key = keyOf(one)
    if (key === undefined) say(read, path, 'a resource is named <type>.<name>')
    else if (standsThere(key, path, values, read) && !values.resource(key).out) {
      if (!read.depends_on.includes(key)) read.depends_on.push(key)
      read.taken.add(key)
    }
  }
}

function keyOf(one: Json): string | undefined {
  if (typeof one === 'string') {
    const [, type, name] = /^(?:\$\{\s*)?([\w-]+)[./]([\w-]+)(?:\.out)?(?:\s*\})?$/.exec(one) ?? []
    return type && name ? resourceKey(type, name) : undefined
  }
  if (!isObject(one)) return undefined
  const { resource_type: type, resource_name: name } = one
  return typeof type === 'string' && typeof name === 'string' ? resourceKey(type, name) : undefined
}
