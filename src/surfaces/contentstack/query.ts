import { invalidField } from '#domain/errors.ts'
import { limits } from './limits.ts'

/** A query string as the hall parses it: keys as sent, repeated ones as a list. */
export type Query = Readonly<Record<string, string | string[] | undefined>>

/** The one value of a key, the last where it was repeated; an empty one counts as none. */
export function text(query: Query, key: string): string | undefined {
  const value = query[key]
  const last = Array.isArray(value) ? value.at(-1) : value
  return last === '' ? undefined : last
}

/** Every value of `key`, `key[]` and `key[BASE][]` (section 1.8). */
export function texts(query: Query, key: string): string[] {
  return [key, `${key}[]`, `${key}[BASE][]`].flatMap((name) => query[name] ?? [])
}

/** `true`, in any case, or `1`; anything else is false, as clients send `undefined` and the like. */
export function flag(query: Query, key: string): boolean {
  return ['true', '1'].includes(text(query, key)?.toLowerCase() ?? '')
}

/** Throws `invalid` when it is no whole number from `least` to what a column holds. */
export function whole(query: Query, key: string, least = 0): number | undefined {
  const value = text(query, key)
  if (value === undefined) return undefined
  const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN
  if (number >= least && number <= limits.number) return number
  const most = /^\d+$/.test(value) && !(number < least) ? ` and at most ${limits.number}` : ''
  throw invalidField(key, 'invalid', `must be a whole number of ${least} or more${most}.`)
}

/** `limit` and `skip`. A limit above the vendor's page is brought down to it. */
export function page(query: Query): { limit: number; offset: number } {
  return {
    limit: Math.min(whole(query, 'limit') ?? limits.page, limits.page),
    offset: whole(query, 'skip') ?? 0,
  }
}

/** `asc` or `desc` and the field it names. */
export function order(query: Query): { field: string; direction: 'asc' | 'desc' } | undefined {
  const asc = text(query, 'asc')
  if (asc !== undefined) return { field: asc, direction: 'asc' }
  const desc = text(query, 'desc')
  return desc === undefined ? undefined : { field: desc, direction: 'desc' }
}

/** Deeper than any query that is understood, and not so deep that looking through it breaks. */
const deepest = 64

/** `query`, a JSON object. Throws `invalid` when it is none, or nested without end. */
export function filter(query: Query): Record<string, unknown> {
  const value = text(query, 'query')
  if (value === undefined) return {}
  try {
    const parsed: unknown = JSON.parse(value)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) && isKeepable(parsed, 0))
      return parsed as Record<string, unknown>
  } catch {
    // Said below, as for any other text that is no object.
  }
  throw invalidField('query', 'invalid', 'must be a JSON object.')
}

/** Whether all its text is such as the store can compare with: escapes in JSON can hide NUL and half characters. */
function isKeepable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  if (depth > deepest) return false
  return Object.entries(value).every(([key, inner]) => isKeepable(key, depth) && isKeepable(inner, depth + 1))
}
