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
  const faults: FieldFault[] = []
  const lookUp: Lookup = (name, path) => {
    const set = Object.hasOwn(env, name) ? env[name] : undefined
    if (set === undefined || set === '')
      faults.push(faultAt(path, 'required', `wants ${name} of the environment, which is not set`))
    return set ?? ''
  }
  const check: Check = (said, path) => {
    // What no store can keep.
    if (said.includes('\0') || !said.isWellFormed())
      faults.push(faultAt(path, 'invalid', 'holds a character that is none'))
    return said
  }
  const value = fillIn(unfold(document, faultAt), '', lookUp, check)
  if (faults.length > 0) throw new DomainError('invalid', { faults })
  return { value, faultAt }
}

/** A few aliases can stand for gigabytes. */
function unfold(document: Document, faultAt: ConfigurationText['faultAt']): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) ?? {}
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    throw new DomainError('invalid', { faults: [faultAt('', 'too_many', 'holds too many aliases')] })
  }
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
type Check = (said: string, path: string) => string

function fillIn(value: unknown, path: string, lookUp: Lookup, check: Check): unknown {
  if (typeof value === 'string') return check(value, path)
  if (Array.isArray(value)) return value.map((one, index) => fillIn(one, under(path, index), lookUp, check))
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value)
  const [only] = entries
  if (entries.length === 1 && only?.[0] === 'env' && typeof only[1] === 'string')
    return check(lookUp(only[1], path), path)
  return Object.fromEntries(
    // A key is told where its object stands: in a path it could not be read.
    entries.map(([key, one]) => [check(key, path), fillIn(one, under(path, key), lookUp, check)]),
  )
}

function under(path: string, step: string | number): string {
  return path === '' ? String(step) : `${path}.${step}`
}
