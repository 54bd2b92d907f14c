import { parseHcl } from './hcl-parser.ts'
import { isObject } from './is-object.ts'
import { readJson, textOf } from './read-json.ts'
import type { TreeFile } from './file-tree.ts'

/** What of a file of Terraform matters around it. */
export interface TerraformFile {
  variables: readonly string[]
  locals: readonly string[]
  outputs: readonly string[]
  /** Names of providers that it configures by itself. */
  providers: readonly string[]
  /** By the name of the call: where the module is, and undefined where that is no plain text. */
  sources: readonly { name: string; source: string | undefined }[]
  requires: Readonly<Record<string, { source?: string; version?: string }>>
  /** Where its states or runs would be, which is not a module's matter. */
  backends: readonly string[]
  /** Names beside the folder that it reads: `../common`, from `${path.module}/../common/x`. */
  beside: readonly string[]
}

export interface TerraformFault {
  line: number | null
  message: string
}

/** By the digest of the bytes, and whether it is JSON. */
const known = new Map<string, TerraformFile | TerraformFault>()
const mostKnown = 20_000

/** OpenTofu has an ending of its own, too. */
export function isTerraform(name: string): boolean {
  return /^[^.].*\.(?:tf|tofu)(?:\.json)?$/.test(name)
}

/** Reads a file `*.tf` or `*.tf.json`. What was read once is not read again. */
export async function readTerraform(name: string, file: TreeFile): Promise<TerraformFile | TerraformFault> {
  const json = name.endsWith('.json')
  const id = `${json ? 'json' : 'hcl'} ${file.digest}`
  const before = known.get(id)
  if (before) return before
  const said = await read(name, file.bytes, json)
  if (known.size >= mostKnown) known.clear()
  known.set(id, said)
  return said
}

async function read(name: string, bytes: Uint8Array, json: boolean): Promise<TerraformFile | TerraformFault> {
  const text = textOf(bytes)
  if (text === undefined) return { line: null, message: 'it is no text in UTF-8' }
  const parsed = json ? readJson(bytes) : await parseHcl({ name: name.replaceAll(/[^\w.-]/g, '_'), text })
  if (!('value' in parsed)) return { line: parsed.line, message: parsed.message }
  if (!isObject(parsed.value)) return { line: 1, message: 'it is no configuration of Terraform' }
  return summaryOf(parsed.value, text)
}

function summaryOf(value: Record<string, unknown>, text: string): TerraformFile {
  const settings = blocksOf(value.terraform)
  return {
    variables: keysOf(value.variable),
    locals: blocksOf(value.locals).flatMap((one) => Object.keys(one)),
    outputs: keysOf(value.output),
    providers: keysOf(value.provider),
    sources: blocksOf(value.module).flatMap((calls) =>
      Object.entries(calls).flatMap(([name, call]) =>
        blocksOf(call).map(({ source }) => ({ name, source: plainText(source) })),
      ),
    ),
    requires: Object.fromEntries(
      settings.flatMap((one) => blocksOf(one.required_providers).flatMap(requiredOf)),
    ),
    backends: settings.flatMap((one) => ['backend', 'cloud'].filter((name) => one[name] !== undefined)),
    beside: besideOf(text),
  }
}

/** The parser gives a list of blocks; a file of JSON may have one block without a list. */
function blocksOf(value: unknown): Record<string, unknown>[] {
  const list: unknown[] = Array.isArray(value) ? value : [value]
  return list.filter(isObject)
}

const keysOf = (value: unknown) => blocksOf(value).flatMap((one) => Object.keys(one))

function requiredOf(block: Record<string, unknown>): [string, { source?: string; version?: string }][] {
  return Object.entries(block).flatMap(([name, said]): [string, { source?: string; version?: string }][] => {
    if (typeof said === 'string') return [[name, { version: said }]]
    if (!isObject(said)) return []
    const { source, version } = said
    return [
      [
        name,
        {
          ...(typeof source === 'string' ? { source } : {}),
          ...(typeof version === 'string' ? { version } : {}),
        },
      ],
    ]
  })
}

function plainText(value: unknown): string | undefined {
  return typeof value === 'string' && !/[$%]\{/.test(value) ? value : undefined
}

function besideOf(text: string): string[] {
  const found = text.matchAll(/\bpath\.module\s*\}((?:\/\.\.){1,16}\/[\w.-]+)/g)
  return [...new Set([...found].map(([, path = '']) => path.slice(1)))]
}
