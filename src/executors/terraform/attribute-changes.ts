import { isDeepStrictEqual } from 'node:util'
import type { AttributeChange } from '#domain/effect.ts'
import type { Json, JsonObject } from '#domain/json.ts'
import type { ValueChange } from './shown-plan.ts'

/** So many of one thing are said, and so much of each text. */
const mostAttributes = 200
const mostOfText = 2000
const deepest = 20

interface Sides {
  before: Json | undefined
  after: Json | undefined
  unknown: Json
  secretBefore: Json
  secretAfter: Json
}

/**
 * What differs between before and after, attribute by attribute, as deep as both sides have a shape in common. What is
 * marked as sensitive is named, and neither side of it said.
 */
export function attributeChanges(change: ValueChange, redact: (text: string) => string): AttributeChange[] {
  const found: AttributeChange[] = []
  walk('', sidesOf(change), { found, redact, depth: 0 })
  return found
}

function sidesOf(change: ValueChange): Sides {
  return {
    before: change.before ?? undefined,
    after: change.after ?? undefined,
    unknown: change.after_unknown ?? null,
    secretBefore: change.before_sensitive ?? null,
    secretAfter: change.after_sensitive ?? null,
  }
}

interface Walk {
  found: AttributeChange[]
  redact: (text: string) => string
  depth: number
}

function walk(path: string, sides: Sides, walked: Walk): void {
  const { before, after, unknown } = sides
  if (walked.found.length >= mostAttributes) return
  const secret = sides.secretBefore === true || sides.secretAfter === true
  const keys = secret || unknown === true || walked.depth > deepest ? undefined : keysOf(sides)
  if (keys) {
    for (const key of keys)
      walk(below(path, key, sides), part(sides, key), { ...walked, depth: walked.depth + 1 })
    return
  }
  const attribute = walked.redact(path)
  if (unknown !== true && isDeepStrictEqual(before ?? null, after ?? null)) return
  const change: AttributeChange = secret
    ? { attribute, before: null, after: null, sensitive: true }
    : { attribute, before: shown(before, walked.redact), after: shown(after, walked.redact) }
  walked.found.push(unknown === true ? { ...change, after: null, unknown: true } : change)
}

/** The parts of what has parts on both sides, or on one where there is nothing on the other. */
function keysOf({ before, after, unknown }: Sides): string[] | undefined {
  const sides = [before, after, unknown === null ? undefined : unknown].filter(
    (side) => side !== undefined && side !== null && side !== false,
  )
  const shapes = new Set(sides.map((side) => (Array.isArray(side) ? 'list' : typeof side)))
  if (sides.length === 0 || shapes.size !== 1 || !(shapes.has('list') || shapes.has('object')))
    return undefined
  const keys = [...new Set(sides.flatMap((side) => Object.keys(side as JsonObject)))]
  // An empty list that becomes none is a change of its own.
  if (keys.length === 0) return undefined
  return shapes.has('list') ? keys.toSorted((a, b) => Number(a) - Number(b)) : keys.toSorted()
}

function part({ before, after, unknown, secretBefore, secretAfter }: Sides, key: string): Sides {
  const of = (side: Json | undefined): Json | undefined =>
    side !== null && typeof side === 'object' && Object.hasOwn(side, key)
      ? (side as JsonObject)[key]
      : undefined
  return {
    before: of(before) ?? undefined,
    after: of(after) ?? undefined,
    unknown: of(unknown) ?? null,
    secretBefore: of(secretBefore) ?? null,
    secretAfter: of(secretAfter) ?? null,
  }
}

function below(attribute: string, key: string, { before, after, unknown }: Sides): string {
  if ([before, after, unknown].some(Array.isArray)) return `${attribute}[${key}]`
  if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(key)) return `${attribute}[${JSON.stringify(key)}]`
  return attribute === '' ? key : `${attribute}.${key}`
}

function shown(value: Json | undefined, redact: (text: string) => string): Json {
  if (value === undefined) return null
  if (typeof value === 'string') return cut(redact(value))
  if (Array.isArray(value)) return value.slice(0, mostAttributes).map((each) => shown(each, redact))
  if (value === null || typeof value !== 'object') return value
  const parts = Object.entries(value).slice(0, mostAttributes)
  return Object.fromEntries(parts.map(([key, each]) => [cut(redact(key)), shown(each, redact)]))
}

function cut(text: string): string {
  const whole = text.replaceAll('\0', '\uFFFD').toWellFormed()
  return whole.length > mostOfText ? `${whole.slice(0, mostOfText).toWellFormed()} …` : whole
}
