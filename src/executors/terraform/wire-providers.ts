import type { Json, JsonObject } from '#domain/json.ts'
import { literal, computed } from './template.ts'
import { outputExpression, RootError, type RootResource } from './root-resources.ts'
import { offering } from './wire-inputs.ts'

/** Which providers a configuration has, and which of them each module is handed. */
export interface ProviderWiring {
  /** `required_providers`, by the name that the root calls them. */
  required: JsonObject
  /** `provider` blocks, by the same name. */
  blocks: JsonObject
  /** By what a resource is called: the module's own name of a provider -> the root's. */
  handed: ReadonlyMap<string, Readonly<Record<string, string>>>
}

interface Offer {
  from: RootResource
  output: string
  provider: string
  source: string
  version: string | undefined
  attributes: JsonObject
}

/**
 * A provider that a resource offers with an output is a provider block of the root, under an alias of that resource and
 * output; who takes the output, and whose contract asks for the provider, is handed it.
 */
export function wireProviders(all: ReadonlyMap<string, RootResource>): ProviderWiring {
  const offers = [...all.values()].flatMap(offersOf)
  const names = nameSources(offers)
  const required: JsonObject = {}
  const blocks: Record<string, JsonObject[]> = {}
  for (const offer of offers) {
    const name = names.get(offer.source)!
    required[name] = requirement(offer.source, offers)
    const block = { alias: aliasOf(offer), ...configure(offer) }
    blocks[name] = [...(blocks[name] ?? []), block]
  }
  const handed = new Map<string, Record<string, string>>()
  for (const who of all.values()) {
    const given = takenBy(who, all).map(({ as, offer }): [string, string] => [
      as,
      `${names.get(offer.source)}.${aliasOf(offer)}`,
    ])
    if (given.length > 0) handed.set(who.called, Object.fromEntries(given))
  }
  return { required, blocks, handed }
}

function offersOf(from: RootResource): Offer[] {
  return Object.entries(from.module.contract.offers).flatMap(([output, providers]) =>
    Object.entries(providers).map(([provider, { source, version, attributes }]) => ({
      ...{ from, output, provider, source, attributes },
      version: version === undefined ? undefined : String(version),
    })),
  )
}

function takenBy(who: RootResource, all: ReadonlyMap<string, RootResource>): { as: string; offer: Offer }[] {
  const { content, module } = who
  return Object.entries(content.inputs).flatMap(([name, input]) => {
    const wanted = module.contract.inputs[name]?.providers ?? []
    if (wanted.length === 0) return []
    if (input.provided)
      throw new RootError(
        `The resource ${who.key} takes the provider ${wanted[0]} with ${name}, and what is provided from elsewhere has none.`,
      )
    const from = offering(who, input, all)
    const offers = offersOf(from).filter(({ output }) => output === (input.output_name ?? 'default'))
    return wanted.map((as) => {
      const offer = offers.find(({ provider }) => provider === as)
      if (offer) return { as, offer }
      throw new RootError(
        `The resource ${who.key} takes the provider ${as} with ${name}, which ${from.key} does not offer.`,
      )
    })
  })
}

/** Two sources of one name are called apart: the second is `kubernetes_2`. */
function nameSources(offers: readonly Offer[]): Map<string, string> {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  const bySource = offers.toSorted((a, b) => (a.source < b.source ? -1 : a.source > b.source ? 1 : 0))
  for (const { source, provider } of bySource) {
    if (names.has(source)) continue
    let name = provider
    for (let count = 2; taken.has(name); count += 1) name = `${provider}_${count}`
    taken.add(name)
    names.set(source, name)
  }
  return names
}

function requirement(source: string, offers: readonly Offer[]): JsonObject {
  const versions = offers.flatMap((offer) => (offer.source === source ? (offer.version ?? []) : []))
  return versions.length === 0
    ? { source }
    : { source, version: [...new Set(versions)].toSorted().join(', ') }
}

function aliasOf({ from, output }: Offer): string {
  return `${from.called}__${output.replaceAll(/[^A-Za-z0-9_-]/g, '_')}`
}

/** `attributes.cluster.host` is a part of what the resource brings forth; any other value is itself. */
function configure({ from, attributes }: Offer): JsonObject {
  const render = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(render)
    if (value !== null && typeof value === 'object') return configureAll(value)
    if (typeof value !== 'string') return value
    const [of, ...path] = value.split('.')
    if ((of !== 'attributes' && of !== 'interfaces') || path.length === 0) return literal(value)
    const expression = outputExpression(from, of, path)
    if (expression === undefined)
      throw new RootError(
        `The resource ${from.key} offers a provider from its ${of}, but its module has none.`,
      )
    return computed(expression)
  }
  const configureAll = (values: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, render(value)]))
  return configureAll(attributes)
}
