import { isNode, LineCounter, parseDocument, type Document } from 'yaml'
import { DomainError, type FieldFault } from '#domain/errors.ts'

/** A configuration file as data, which still knows in which line everything stands. */
export interface ConfigurationText {
  value: unknown
  /** A fault at a dotted path, its sentence led by file and line. */
  faultAt(path: string, fault: FieldFault['fault'], detail: string): FieldFault
}

export type Environment = Record<string, string | undefined>

/**
 * Reads YAML. Any string may be written as `{ env: NAME }`, which stands for that variable of the environment.
 * Throws `invalid` with every fault, naming file and line.
 */
export function readConfigurationText(text: string, file: string, env: Environment): ConfigurationText {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: false })
  const broken = document.errors.map(({ message, pos }) => ({
    field: '',
    fault: 'invalid' as const,
    detail: `${file}:${lines.linePos(pos[0]).line}: ${message}`,
  }))
  if (broken.length > 0) throw new DomainError('invalid', { faults: broken })

  const faultAt: ConfigurationText['faultAt'] = (path, fault, detail) => ({
    field: path,
    fault,
    detail: `${file}:${lineOf(document, path, lines)}: ${path || 'the file'} ${detail}`,
  })
  const unset: FieldFault[] = []
  const value = fillIn(document.toJS({ maxAliasCount: 100 }) ?? {}, '', (name, path) => {
    const set = env[name]
    if (set === undefined || set === '')
      unset.push(faultAt(path, 'required', `wants ${name} of the environment, which is not set`))
    return set ?? ''
  })
  if (unset.length > 0) throw new DomainError('invalid', { faults: unset })
  return { value, faultAt }
}

/** The line of what stands at a path, or of the nearest thing around it. */
function lineOf(document: Document, path: string, lines: LineCounter): number {
  const steps: (string | number)[] =
    path === '' ? [] : path.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step))
  for (; steps.length > 0; steps.pop()) {
    const node = document.getIn(steps, true)
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  return 1
}

type Lookup = (name: string, path: string) => string

function fillIn(value: unknown, path: string, lookUp: Lookup): unknown {
  if (Array.isArray(value)) return value.map((one, index) => fillIn(one, under(path, index), lookUp))
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value)
  const [only] = entries
  if (entries.length === 1 && only?.[0] === 'env' && typeof only[1] === 'string') return lookUp(only[1], path)
  return Object.fromEntries(entries.map(([key, one]) => [key, fillIn(one, under(path, key), lookUp)]))
}

function under(path: string, step: string | number): string {
  return path === '' ? String(step) : `${path}.${step}`
}
