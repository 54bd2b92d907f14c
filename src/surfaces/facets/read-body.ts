import { invalidField } from '#domain/errors.ts'
import { DomainError } from '#domain/errors.ts'
import type { Call } from './route.ts'

export type Body = Readonly<Record<string, unknown>>

/** The body as an object, empty where nothing was sent. Throws `malformed`. */
export function objectIn({ body = {} }: Pick<Call, 'body'>): Body {
  if (isObject(body)) return body
  throw new DomainError('malformed', { detail: 'The body has to be a JSON object.' })
}

export function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Null is as if it were left out: clients with types send it so. Throws `invalid`. */
export function flagIn(body: Body, field: string, usual: boolean): boolean {
  const value = body[field] ?? usual
  if (typeof value === 'boolean') return value
  throw invalidField(field, 'invalid', 'must be true or false')
}

/** Undefined where it is left out, null or empty. Throws `invalid`. */
export function textIn(body: Body, field: string, most = 1000): string | undefined {
  const value = body[field] ?? ''
  if (typeof value !== 'string') throw invalidField(field, 'invalid', 'must be a text')
  if (value.length > most) throw invalidField(field, 'too_long', `may have ${most} characters`)
  return value === '' ? undefined : value
}

/** Throws `invalid`, also where there is none. */
export function neededTextIn(body: Body, field: string, most = 1000): string {
  const value = textIn(body, field, most)
  if (value === undefined) throw invalidField(field, 'required', 'is required')
  return value
}

/** Empty where it is left out. Throws `invalid`. */
export function listIn(body: Body, field: string, most = 10_000): readonly unknown[] {
  const value = body[field] ?? []
  if (!Array.isArray(value)) throw invalidField(field, 'invalid', 'must be a list')
  if (value.length > most) throw invalidField(field, 'too_many', `may have ${most} entries`)
  return value
}
