import type { Finding, ResourceContent } from '#domain/blueprint.ts'
import type { JsonObject } from '#domain/json.ts'
import { digestOf } from '#domain/revision.ts'
import type { Blueprint } from './blueprint.ts'
import type { EffectiveInput } from './effective-input.ts'
import { findCycles } from './find-cycles.ts'
import { finding } from './finding.ts'
import { jsonFault, pathText } from './json-fault.ts'
import { makeContent, type MadeContent } from './make-content.ts'
import { mergeResources, type MergedResource } from './merge-resources.ts'
import { valuesOf } from './values-of.ts'

export type { EffectiveInput } from './effective-input.ts'

export interface EffectiveResource {
  key: string
  content: ResourceContent
  /** The digest of the content. */
  version: string
}

export interface EffectiveResources {
  /** By key, in their order. Those with errors are not among them. */
  resources: readonly EffectiveResource[]
  /** The blueprint's own, and what only shows in this environment; of modules what is wrong with those that are wanted. */
  findings: readonly Finding[]
  /** Resources that are not to be: by the blueprint's file or by the environment's override. */
  disabled: readonly { key: string; by: 'blueprint' | 'override' }[]
  /** Keys of resources that are provided from elsewhere, so that nothing is made of them. */
  provided: readonly string[]
  /** All of the blueprint's resources, whatever becomes of them. */
  everything: readonly {
    key: string
    type: string
    name: string
    file: string
    disabled: 'blueprint' | 'override' | null
    provided: boolean
    /** Merged; for those that are made, with what is put in. */
    instance: JsonObject
    /** Null: nothing is made of it. */
    version: string | null
  }[]
}

/** What an environment gets of a blueprint. It never throws for what stands in files, overrides or values. */
export function effectiveResources(input: EffectiveInput): EffectiveResources {
  const { blueprint, modules } = input
  const unfit = faultsOfEnvironment(input)
  const findings = [...blueprint.findings, ...unfit]
  const merged = mergeResources(blueprint, input.overrides, findings)
  const values = valuesOf(input, merged)
  const made = new Map<string, MadeContent>()
  for (const [key, resource] of merged) {
    if (resource.disabled !== null || resource.out) continue
    const one = makeContent(resource, { input, modules, values })
    made.set(key, one)
    for (const fault of one.faults) findings.push(findingOf(fault, resource, blueprint))
  }
  findings.push(...cyclesOf(made, merged))
  const wrong = new Set(
    findings.flatMap(({ severity, item_key }) => (severity === 'error' && item_key !== null ? item_key : [])),
  )
  const resources = [...made]
    .flatMap(([key, { content }]) =>
      content && unfit.length === 0 && !wrong.has(key) ? { key, content, version: digestOf(content) } : [],
    )
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
  return {
    resources,
    findings,
    disabled: [...merged.values()].flatMap(({ key, disabled }) => (disabled ? { key, by: disabled } : [])),
    provided: [...merged.values()].flatMap(({ key, out, disabled }) => (out && !disabled ? key : [])),
    everything: everythingOf(merged, made, resources),
  }
}

function everythingOf(
  merged: ReadonlyMap<string, MergedResource>,
  made: ReadonlyMap<string, MadeContent>,
  resources: readonly EffectiveResource[],
): EffectiveResources['everything'] {
  const versions = new Map(resources.map(({ key, version }) => [key, version]))
  return [...merged.values()].map(({ key, source, disabled, out, content }) => ({
    key,
    type: source.type,
    name: source.name,
    file: source.file,
    disabled,
    provided: out !== null && disabled === null,
    instance: made.get(key)?.instance ?? content,
    version: versions.get(key) ?? null,
  }))
}

/** What is wrong with what the environment itself brings. */
function faultsOfEnvironment({ environment, variables, artifacts }: EffectiveInput): Finding[] {
  const said: [string, unknown][] = [
    ['environment', environment],
    ...variables.map(({ name, value }): [string, unknown] => [`variables.${name}`, value]),
    ...[...artifacts].map(([application, uri]): [string, unknown] => [`artifacts.${application}`, uri]),
  ]
  return said.flatMap(([name, value]) => {
    const fault = jsonFault(value)
    const path = fault && [name, pathText(fault.path)].filter(Boolean).join('.')
    return fault
      ? finding('input_validation', '', `${name} of the environment: ${fault.message}`, { path })
      : []
  })
}

function findingOf(
  { category, severity, path, message }: MadeContent['faults'][number],
  { key, source, own }: MergedResource,
  { lineOf }: Blueprint,
): Finding {
  const overridden = path.length > 0 && !own(path)
  return finding(category, source.file, overridden ? `${message} (by the environment's override)` : message, {
    severity,
    line: overridden ? null : lineOf(source.file, path),
    path: path.length === 0 ? null : pathText(path),
    item_key: key,
  })
}

function cyclesOf(
  made: ReadonlyMap<string, MadeContent>,
  merged: ReadonlyMap<string, MergedResource>,
): Finding[] {
  const edges = new Map([...made].map(([key, { takes }]) => [key, takes]))
  return findCycles(edges).flatMap((cycle) =>
    cycle.slice(0, -1).map((key) =>
      finding('cycle', merged.get(key)?.source.file ?? '', `it needs itself: ${cycle.join(' -> ')}`, {
        item_key: key,
      }),
    ),
  )
}
