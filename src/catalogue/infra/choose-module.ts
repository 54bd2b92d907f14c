import type { Finding } from '#domain/blueprint.ts'
import type { Json, JsonObject } from '#domain/json.ts'
import type { Module, ModuleIndex } from './blueprint.ts'
import { named } from './finding.ts'

export interface Wanted {
  intent: string
  flavor: string | undefined
  version: string | undefined
}

/** Which module a resource asks for. Older files say `apiVersion`, and a kind that ends in the intent. */
export function wantedModule(type: string, content: JsonObject): Wanted {
  const kind = textIn(content.kind)
  return {
    intent: kind === undefined ? type : kind.includes('.') ? kind.slice(kind.lastIndexOf('.') + 1) : kind,
    flavor: textIn(content.flavor),
    version: textIn(content.version) ?? textIn(content.apiVersion),
  }
}

function textIn(value: Json | undefined): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The one module that is asked for; or why there is none, and what there is. */
export function chooseModule(index: ModuleIndex, wanted: Wanted): Module | string {
  const { intent, flavor, version } = wanted
  if (flavor !== undefined && version !== undefined) {
    const found = index.find(intent, flavor, version)
    if (found) return found
    const [fault] = index.faultsOf(intent, flavor, version)
    if (fault) return `the module ${intent} ${flavor} ${version} cannot be used: ${sayFault(fault)}`
  }
  const ofIntent = index.modules.filter(({ contract }) => contract.intent === intent)
  const fitting = ofIntent.filter(
    ({ contract }) =>
      (flavor === undefined || contract.flavor === flavor) &&
      (version === undefined || contract.version === version),
  )
  const [only] = fitting
  if (only && fitting.length === 1) return only
  const several = fitting.length > 1
  const why = whyNone(index, wanted, several ? fitting : ofIntent, several)
  const [unread, ...more] = index.unread
  if (several || !unread) return why
  const others = more.length > 0 ? `, and ${more.length} more` : ''
  return `${why}. It may be one that could not be read: ${sayFault(unread)}${others}`
}

function sayFault({ file, line, message }: Finding): string {
  return `${line === null ? file : `${file}:${line}`}: ${message}`
}

function whyNone(index: ModuleIndex, wanted: Wanted, others: readonly Module[], several: boolean): string {
  const { intent, flavor, version } = wanted
  const asked = [intent, flavor, version].filter((word) => word !== undefined).join(' ')
  const there = named(others.map(({ contract }) => `${contract.flavor} ${contract.version}`))
  if (several) return `it does not say which module it wants: of ${asked} there are ${there}`
  if (others.length > 0) return `there is no module ${asked}: of ${intent} there are ${there}`
  const intents = [...new Set(index.modules.map(({ contract }) => contract.intent))].toSorted()
  return `there is no module of ${intent}: there are modules of ${named(intents) || 'nothing'}`
}
