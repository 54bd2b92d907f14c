import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml'
import type { ModuleContract } from '#domain/blueprint.ts'
import type { Json, JsonObject } from '#domain/json.ts'
import type { TreeFile } from './file-tree.ts'
import { isObject } from './is-object.ts'
import { jsonFault, pathText } from './json-fault.ts'
import { textOf } from './read-json.ts'

/** The file that makes a folder a module. */
export const contractFile = 'facets.yaml'

/** What a module's contract says of itself. */
export interface Contract extends Pick<
  ModuleContract,
  'intent' | 'flavor' | 'version' | 'inputs' | 'offers' | 'artifact_path'
> {
  spec: JsonObject
  description: string | null
  name_length_limit: number | null
}

export interface ContractFault {
  line: number | null
  path: string | null
  message: string
}

const needed = ['intent', 'flavor', 'version', 'clouds', 'description', 'spec'] as const
const word = /^[A-Za-z0-9_][\w.-]{0,99}$/
const mostBytes = 512 * 1024

type ReadContract = { contract?: Contract; faults: ContractFault[] }

/** By the digest of the file. */
const known = new Map<string, ReadContract>()
const mostKnown = 5000

/** Reads it as YAML 1.2, once. `contract` is there where it has no faults. */
export function readContract({ bytes, digest }: TreeFile): ReadContract {
  const before = known.get(digest)
  if (before) return before
  const said = read(bytes)
  if (known.size >= mostKnown) known.clear()
  known.set(digest, said)
  return said
}

function read(bytes: Uint8Array): ReadContract {
  const text = textOf(bytes)
  if (text === undefined) return refused('it is no text in UTF-8')
  if (text.length > mostBytes) return refused('it is larger than 512 KiB')
  const counter = new LineCounter()
  let document: Document
  let value: unknown
  try {
    document = parseDocument(text, { lineCounter: counter, version: '1.2', logLevel: 'silent' })
    const [error] = document.errors
    if (error)
      return refused(
        `it is no YAML: ${error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '')}`,
        error.linePos?.[0].line ?? null,
      )
    value = document.toJS({ maxAliasCount: 100 })
  } catch {
    return refused('it is no YAML that can be read')
  }
  const fault = jsonFault(value)
  if (fault) return refused(fault.message, null, pathText(fault.path))
  if (!isObject(value)) return refused('it has to be a mapping', 1)
  const said = value
  const line = (name: string) => {
    const at = isMap(document.contents)
      ? document.contents.items.find(({ key }) => isScalar(key) && key.value === name)?.key
      : undefined
    return isScalar(at) && at.range ? counter.linePos(at.range[0]).line : null
  }
  const faults = faultsOf(said).map(({ path, message }) => ({
    path,
    message,
    line: path ? line(path) : null,
  }))
  return faults.length > 0 ? { faults } : { contract: contractOf(said, document), faults }
}

const refused = (message: string, line: number | null = null, path: string | null = null) => ({
  faults: [{ line, path, message }],
})

function faultsOf(said: JsonObject): { path: string | null; message: string }[] {
  const missing = needed.filter((name) => said[name] === undefined || said[name] === null)
  const faults: { path: string | null; message: string }[] = missing.map((name) => ({
    path: null,
    message: `it does not say its ${name}`,
  }))
  for (const name of ['intent', 'flavor', 'version'] as const) {
    const value = said[name]
    if (value === undefined || value === null) continue
    if (typeof value === 'number' ? name !== 'version' : typeof value !== 'string' || !word.test(value))
      faults.push({ path: name, message: `${name} has to be a word` })
  }
  for (const name of ['spec', 'inputs', 'outputs', 'artifact_inputs'] as const)
    if (said[name] !== undefined && said[name] !== null && !isObject(said[name]))
      faults.push({ path: name, message: `${name} has to be a mapping` })
  return faults
}

function contractOf(said: JsonObject, document: Document): Contract {
  const version = document.get('version', true)
  const primary = isObject(said.artifact_inputs) ? said.artifact_inputs.primary : undefined
  const artifact = isObject(primary) ? primary.attribute_path : undefined
  const limit = Number(said.name_length_limit)
  return {
    intent: said.intent as string,
    flavor: said.flavor as string,
    // `version: 1.0` is meant as it is written, not as the number 1.
    version: isScalar(version) ? (version.source ?? String(version.value)) : String(said.version as string),
    inputs: Object.fromEntries(entriesOf(said.inputs).map(([name, input]) => [name, inputOf(input)])),
    offers: Object.fromEntries(
      entriesOf(said.outputs).flatMap(([name, output]) => {
        const offered = isObject(output) ? entriesOf(output.providers) : []
        return offered.length > 0 ? [[name, Object.fromEntries(offered.flatMap(offerOf))]] : []
      }),
    ),
    ...(typeof artifact === 'string' && artifact !== '' ? { artifact_path: artifact } : {}),
    spec: isObject(said.spec) ? said.spec : {},
    description: typeof said.description === 'string' ? said.description : null,
    name_length_limit: Number.isInteger(limit) && limit > 0 ? limit : null,
  }
}

const entriesOf = (value: Json | undefined) => (isObject(value) ? Object.entries(value) : [])

function inputOf(input: Json): ModuleContract['inputs'][string] {
  if (!isObject(input))
    return { type: typeof input === 'string' ? input : '', optional: false, providers: [] }
  const { type, optional, providers } = input
  const names = Array.isArray(providers) ? providers : isObject(providers) ? Object.keys(providers) : []
  return {
    type: typeof type === 'string' ? type : '',
    optional: optional === true,
    providers: names.filter((name) => typeof name === 'string'),
  }
}

function offerOf([name, offer]: [string, Json]): [string, ModuleContract['offers'][string][string]][] {
  if (!isObject(offer) || typeof offer.source !== 'string') return []
  const { source, version, attributes } = offer
  return [
    [
      name,
      {
        source,
        ...(version === undefined || version === null ? {} : { version: String(version as string) }),
        attributes: isObject(attributes) ? attributes : {},
      },
    ],
  ]
}
