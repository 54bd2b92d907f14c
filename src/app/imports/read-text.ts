import type { Json } from '#catalogue/content/field.ts'
import { isObject, isText } from '#catalogue/content/json.ts'
import type { Note } from './content-format.ts'

const deepest = 64
/** Of one file: each may leave a note, and nobody reads so many. */
const mostMembers = 200_000

/**
 * The JSON of a file, without those of its members that cannot be kept: nested too deep, or with NUL, half a
 * character or a number without bounds. Undefined where it is no JSON; the notes say why.
 */
export function readText(file: string, text: string): { json: Json | undefined; notes: Note[] } {
  const skip = (detail: string, item?: string): Note => ({
    ...{ kind: 'skipped' as const, file, detail },
    ...(item === undefined ? {} : { item: shown(item) }),
  })
  let json: Json
  try {
    json = JSON.parse(text) as Json
  } catch {
    return { json: undefined, notes: [skip('The file is no JSON.')] }
  }
  if (countOf(json) > mostMembers)
    return { json: undefined, notes: [skip(`The file holds more than ${mostMembers} things.`)] }
  const notes: Note[] = []
  const sound = (item: string, value: Json) => {
    const fault = isText(item) && item !== '__proto__' ? faultOf(value) : 'Its name cannot be kept.'
    if (fault) notes.push(skip(fault, item))
    return !fault
  }
  if (Array.isArray(json)) return { json: json.filter((each, n) => sound(String(n), each)), notes }
  if (isObject(json))
    return { json: Object.fromEntries(Object.entries(json).filter(([key, each]) => sound(key, each))), notes }
  return { json: undefined, notes: [skip('The file holds neither an object nor a list.')] }
}

function countOf(json: Json): number {
  if (Array.isArray(json)) return json.length
  return isObject(json) ? Object.keys(json).length : 0
}

/** Without recursion: nobody has bounded it before. */
function faultOf(value: Json): string | undefined {
  const open: [Json, number][] = [[value, 1]]
  for (let next = open.pop(); next; next = open.pop()) {
    const [at, depth] = next
    if (depth > deepest) return `It is nested more than ${deepest} levels deep.`
    if (typeof at === 'string' && !isText(at)) return 'It holds a NUL or half of a character.'
    if (typeof at === 'number' && !Number.isFinite(at)) return 'It holds a number that is too large.'
    if (Array.isArray(at)) for (const each of at) open.push([each, depth + 1])
    else if (isObject(at))
      for (const [key, each] of Object.entries(at)) {
        if (!isText(key) || key === '__proto__') return 'It has a key that cannot be kept.'
        open.push([each, depth + 1])
      }
  }
  return undefined
}

function shown(text: string): string {
  return text
    .replaceAll(/\p{Cc}/gu, '?')
    .toWellFormed()
    .slice(0, 200)
}
