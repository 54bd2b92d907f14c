import { invalidField } from '#domain/errors.ts'
import type { Call } from './route.ts'

type Query = Call['query']

/** True or false in any case: the vendor's Python client writes `True` (section 2.7). Throws `invalid`. */
export function flag(query: Query, field: string, usual: boolean): boolean {
  const value = one(query, field)
  if (value === undefined) return usual
  const word = value.trim().toLowerCase()
  if (word === 'true') return true
  if (word === 'false') return false
  throw invalidField(field, 'invalid', 'must be true or false')
}

/** Undefined where it is left out. Throws `invalid`. */
export function optionalFlag(query: Query, field: string): boolean | undefined {
  return one(query, field) === undefined ? undefined : flag(query, field, false)
}

/** Undefined where it is left out or empty. Throws `invalid`. */
export function text(query: Query, field: string, most = 1000): string | undefined {
  const value = one(query, field)
  if (value === undefined || value === '') return undefined
  if (value.length > most) throw invalidField(field, 'too_long', `may have ${most} characters`)
  if (value.includes('\0')) throw invalidField(field, 'invalid', 'holds a NUL')
  return value
}

/** A whole number. Throws `invalid`. */
export function count(
  query: Query,
  field: string,
  { usual, least = 0, most }: { usual: number; least?: number; most: number },
): number {
  const value = one(query, field)
  if (value === undefined || value === '') return usual
  const number = /^[0-9]{1,15}$/.test(value) ? Number(value) : -1
  if (number >= least) return Math.min(number, most)
  throw invalidField(field, 'invalid', `must be a whole number from ${least} on`)
}

/** Some of all words, in any case: the parameter again and again, or with commas between them. Throws `invalid`. */
export function words<W extends string>(query: Query, field: string, all: readonly W[]): W[] {
  return [query[field] ?? []]
    .flat()
    .flatMap((value: unknown) => (typeof value === 'string' ? value : '').split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '')
    .map((value) => wordOf(field, value, all))
}

function wordOf<W extends string>(field: string, value: string, all: readonly W[]): W {
  const known = all.find((one) => one === value.toUpperCase())
  if (known) return known
  throw invalidField(field, 'invalid', `must be one of ${all.join(', ')}`)
}

/** A time in ISO 8601, or in milliseconds since 1970. Throws `invalid`. */
export function time(query: Query, field: string): Date | undefined {
  const value = text(query, field, 64)
  if (value === undefined) return undefined
  const at = new Date(/^[0-9]{1,16}$/.test(value) ? Number(value) : value)
  const year = at.getUTCFullYear()
  if (year >= 1 && year <= 9999) return at
  throw invalidField(field, 'invalid', 'must be a time in ISO 8601, such as 2026-11-21T12:00:00.000Z')
}

function one(query: Query, field: string): string | undefined {
  const value = query[field]
  if (value === undefined || typeof value === 'string') return value
  throw invalidField(field, 'invalid', 'is given more than once')
}
