import { splitReferences } from '#catalogue/infra/reference.ts'
import type { Json, JsonObject } from '#domain/json.ts'
import { findResource, outputExpression, RootError, type RootResource } from './root-resources.ts'
import { computed, literal, quoted } from './template.ts'

/** The sensitive variable of the configuration in which the secrets stand by their name. */
export const secretsVariable = 'headgate_secrets'

export interface Rendering {
  all: ReadonlyMap<string, RootResource>
  /** Names of the secrets that were referred to are added. */
  secrets: Set<string>
}

/** A value with its references turned into expressions, and everything else as text that means itself. */
export function renderValue(value: Json, who: RootResource, rendering: Rendering): Json {
  if (typeof value === 'string') return renderText(value, who, rendering)
  if (Array.isArray(value)) return value.map((each) => renderValue(each, who, rendering))
  if (value === null || typeof value !== 'object') return value
  return mapObject(value, (each) => renderValue(each, who, rendering))
}

/** A value without references: keys and strings mean themselves. */
export function renderLiteral(value: Json): Json {
  if (typeof value === 'string') return literal(value)
  if (Array.isArray(value)) return value.map(renderLiteral)
  if (value === null || typeof value !== 'object') return value
  return mapObject(value, renderLiteral)
}

function mapObject(value: JsonObject, render: (value: Json) => Json): JsonObject {
  // Not by assignment: a member may be called __proto__.
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [literal(key), render(each)]))
}

function renderText(text: string, who: RootResource, rendering: Rendering): string {
  const parts = splitReferences(text)
  const rendered = parts.map((part, at) => {
    if (part.kind === 'output') return computed(referTo(part, who, rendering))
    if (part.kind === 'secret') {
      rendering.secrets.add(part.name)
      return computed(`var.${secretsVariable}[${quoted(part.name)}]`)
    }
    const means = part.kind === 'literal' ? part.value : part.text
    return literal(means, at < parts.length - 1)
  })
  return rendered.join('')
}

function referTo(
  part: {
    text: string
    type: string
    name: string
    of: 'attributes' | 'interfaces'
    path: readonly (string | number)[]
  },
  who: RootResource,
  { all }: Rendering,
): string {
  const expression = outputExpression(findResource(all, part, who.key), part.of, part.path)
  if (expression === undefined)
    throw new RootError(`The resource ${who.key} refers to ${part.text}, but that module has no ${part.of}.`)
  return expression
}
