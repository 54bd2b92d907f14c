import { DomainError } from '#domain/errors.ts'

const deepest = 64
/** Characters; finding the place in more would cost more than it tells. */
const longestSearch = 65_536

/**
 * Reads a JSON body exactly: what could be understood in two ways, or not be stored, is refused with what is wrong
 * and where. Throws `malformed`.
 */
export function readJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) throw malformed('The body is empty, and its content type says JSON.')
  const value = parse(decode(bytes))
  inspect(value, [])
  return value
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw malformed('The body is not UTF-8.')
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    // V8 quotes the text around the place, which may hold a secret: only the place is passed on.
    const position = positionOf((error as Error).message, text)
    const place = position === undefined ? '' : `: it goes wrong ${placeIn(text, position)}`
    throw malformed(`The body is not JSON${place}.`)
  }
}

/** V8 names the position of some faults only. Where it does not, the shortest text that shows the fault ends there. */
function positionOf(message: string, text: string): number | undefined {
  const [, told] = /at position (\d+)/.exec(message) ?? []
  if (told) return Number(told)
  if (!message.startsWith('Unexpected token') || text.length > longestSearch) return undefined
  let [sound, faulty] = [0, text.length]
  while (faulty - sound > 1) {
    const middle = (sound + faulty) >> 1
    if (hasUnexpectedToken(text.slice(0, middle))) faulty = middle
    else sound = middle
  }
  return faulty - 1
}

function hasUnexpectedToken(text: string): boolean {
  try {
    JSON.parse(text)
    return false
  } catch (error) {
    return (error as Error).message.startsWith('Unexpected token')
  }
}

function placeIn(text: string, position: number): string {
  const before = text.slice(0, position)
  const line = before.split('\n').length
  return `at line ${line}, column ${position - before.lastIndexOf('\n')}`
}

/** `path` is where it stands; the same list is walked up and down, since bodies may hold a million values. */
function inspect(value: unknown, path: (string | number)[]): void {
  if (typeof value === 'string') inspectText(value, path)
  else if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw malformed(`The number ${at(path)} is too large.`)
  } else if (value !== null && typeof value === 'object') {
    if (path.length >= deepest) throw malformed(`The body is nested more than ${deepest} levels deep.`)
    const isList = Array.isArray(value)
    for (const [key, item] of Object.entries(value)) {
      if (!isList) inspectKey(key, path)
      path.push(key)
      inspect(item, path)
      path.pop()
    }
  }
}

function inspectKey(key: string, path: readonly (string | number)[]): void {
  if (key === '__proto__') throw malformed(`There is a key __proto__ ${at(path)}.`)
  inspectText(key, path)
}

function inspectText(text: string, path: readonly (string | number)[]): void {
  if (text.includes('\0')) throw malformed(`There is a NUL character ${at(path)}.`)
  if (!text.isWellFormed()) throw malformed(`There is half a surrogate pair ${at(path)}.`)
}

function at(path: readonly (string | number)[]): string {
  const shown = path
    .join('.')
    .replaceAll(/[\0-\x1f]/g, '?')
    .toWellFormed()
  return path.length === 0 ? 'at the top' : `at ${shown.slice(0, 200)}`
}

function malformed(detail: string): DomainError<'malformed'> {
  return new DomainError('malformed', { detail })
}
