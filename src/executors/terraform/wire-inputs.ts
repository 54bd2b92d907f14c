import type { ResourceInput } from '#domain/blueprint.ts'
import type { Json, JsonObject } from '#domain/json.ts'
import { findResource, outputExpression, RootError, type RootResource } from './root-resources.ts'
import { renderValue, type Rendering } from './render-resource.ts'
import { computed, indexed, literal } from './template.ts'

/**
 * What a module gets as `inputs`: for each one that the resource takes, what the other resource brings forth under that
 * output; for the others that its contract names, null.
 */
export function wireInputs(who: RootResource, rendering: Rendering): JsonObject {
  const { content, module } = who
  const names = new Set([...Object.keys(module.contract.inputs), ...Object.keys(content.inputs)])
  const wired = [...names].toSorted().map((name): [string, Json] => {
    const input = Object.hasOwn(content.inputs, name) ? content.inputs[name] : undefined
    // Names are templates too, and whoever writes a resource chooses them.
    return [literal(name), input ? inputValue(who, name, input, rendering) : null]
  })
  return Object.fromEntries(wired)
}

function inputValue(who: RootResource, name: string, input: ResourceInput, rendering: Rendering): Json {
  const output = input.output_name ?? 'default'
  if (input.provided) return renderValue(partOf(who, name, input.provided, output), who, rendering)
  const from = offering(who, input, rendering.all)
  if (output === 'default') return wholeOutput(from)
  const [first = '', ...rest] = output.split('.')
  const of = first === 'attributes' || first === 'interfaces' ? first : undefined
  const expression = of ? outputExpression(from, of, rest) : outputExpression(from, 'attributes', [output])
  if (expression === undefined)
    throw new RootError(
      `The resource ${who.key} takes ${output} of ${from.key} as ${name}, but its module has no such output.`,
    )
  return computed(expression)
}

/** Of what is provided from elsewhere, that which a module would bring forth under this output. */
function partOf(who: RootResource, name: string, provided: JsonObject, output: string): Json {
  if (output === 'default') return provided
  const path = output.split('.')
  const steps = path[0] === 'attributes' || path[0] === 'interfaces' ? path : ['attributes', output]
  let at: Json | undefined = provided
  for (const step of steps)
    at =
      at !== null && typeof at === 'object' && Object.hasOwn(at, step) ? (at as JsonObject)[step] : undefined
  if (at !== undefined) return at
  throw new RootError(
    `The resource ${who.key} takes ${output} as ${name}, which is not among what is provided.`,
  )
}

/** The resource that an input comes from. */
export function offering(
  who: RootResource,
  { resource_type, resource_name }: ResourceInput,
  all: ReadonlyMap<string, RootResource>,
): RootResource {
  return findResource(all, { type: resource_type, name: resource_name }, who.key)
}

/** All that a resource brings forth: attributes and interfaces; of a module that says it itself, its `default`. */
export function wholeOutput(from: RootResource): Json {
  const { outputs } = from.module.contract
  if (!outputs.attributes && !outputs.interfaces && outputs.default)
    return computed(indexed(`module.${from.called}.default`, []))
  const parts = (['attributes', 'interfaces'] as const).flatMap((of): [string, Json][] => {
    const expression = outputExpression(from, of)
    return expression === undefined ? [] : [[of, computed(expression)]]
  })
  return Object.fromEntries(parts)
}
