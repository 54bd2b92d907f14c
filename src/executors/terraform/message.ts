import { clean } from '#ground/lines.ts'

/** What Terraform says in one line of `-json`; of each kind only what is read here. */
export interface Message {
  type: string
  text: string
  diagnostic?: Diagnostic
  /** Of what happens to one thing: where it is, and what is done to it. */
  hook?: { address: string; action: string }
  /** Of the program itself: `1.11.4`. */
  version?: string
}

export interface Diagnostic {
  severity: 'error' | 'warning'
  summary: string
  detail: string
  /** `module.service__api.terraform_data.this`. */
  address?: string
  /** Where in the configuration, its file as it lies in the catalogue. */
  file?: string
  line?: number
  /** What stands there, and in which block. */
  snippet?: string
}

/** Where a module lies in the catalogue, by the folder that it was laid into. */
export type Folders = ReadonlyMap<string, string>

type Fields = { readonly [key: string]: unknown }

/** Undefined: it is no message of Terraform's. */
export function readMessage(line: string, folders: Folders): Message | undefined {
  const fields = parse(line)
  if (!fields || typeof fields['@message'] !== 'string') return undefined
  const type = textOf(fields.type) ?? 'log'
  const message: Message = { type, text: fields['@message'] }
  const version = textOf(fields.terraform) ?? textOf(fields.tofu)
  if (type === 'version' && version !== undefined) message.version = version
  const hook = objectOf(fields.hook)
  const address = textOf(objectOf(hook?.resource)?.addr)
  if (hook && address !== undefined) message.hook = { address, action: textOf(hook.action) ?? '' }
  const diagnostic = objectOf(fields.diagnostic)
  if (diagnostic) message.diagnostic = readDiagnostic(diagnostic, folders)
  return message
}

function readDiagnostic(fields: Fields, folders: Folders): Diagnostic {
  const range = objectOf(fields.range)
  const file = textOf(range?.filename)
  const line = objectOf(range?.start)?.line
  const address = textOf(fields.address)
  return {
    severity: fields.severity === 'warning' ? 'warning' : 'error',
    summary: tidy(textOf(fields.summary) ?? ''),
    detail: tidy(textOf(fields.detail) ?? ''),
    ...(address === undefined ? {} : { address }),
    ...(file === undefined ? {} : { file: inCatalogue(file, folders) }),
    ...(typeof line === 'number' ? { line } : {}),
    ...snippetOf(objectOf(fields.snippet)),
  }
}

function snippetOf(snippet: Fields | undefined): { snippet?: string } {
  const code = textOf(snippet?.code)?.trim().slice(0, 200)
  const said = [textOf(snippet?.context), code].filter(Boolean).join(', ')
  return said === '' ? {} : { snippet: tidy(said) }
}

function tidy(text: string): string {
  return text.split('\n').map(clean).join('\n')
}

/** Its lines in the log. */
export function linesOf({ type, text, diagnostic }: Message): string[] {
  if (type === 'outputs') return []
  const said = diagnostic ? describeDiagnostic(diagnostic) : text
  return said.split('\n').map(clean)
}

/** `Error: Invalid index (service/0.1/main.tf:12, module.service__api.…): The given key …`. */
export function describeDiagnostic(diagnostic: Diagnostic): string {
  const { severity, summary, detail, address, file, line, snippet } = diagnostic
  const place = [
    file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}`,
    address ?? snippet ?? '',
  ]
  const at = place.filter((part) => part !== '').join(', ')
  const word = severity === 'error' ? 'Error' : 'Warning'
  return `${word}: ${summary}${at === '' ? '' : ` (${at})`}${detail === '' ? '' : `: ${detail}`}`
}

/** A path of the working folder, as the path of what was laid there. */
function inCatalogue(path: string, folders: Folders): string {
  const [first, folder, ...rest] = path.split('/')
  const place = folders.get(`${first}/${folder}`)
  return place === undefined ? path : [...(place === '' ? [] : [place]), ...rest].join('/')
}

/** The same, wherever such a path stands in a text. */
export function textInCatalogue(text: string, folders: Folders): string {
  return text.replaceAll(/\bmodules\/[0-9a-f]{16}\/[^\s"]*/g, (path) => inCatalogue(path, folders))
}

function parse(line: string): Fields | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return objectOf(JSON.parse(line))
  } catch {
    return undefined
  }
}

function objectOf(value: unknown): Fields | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : undefined
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
