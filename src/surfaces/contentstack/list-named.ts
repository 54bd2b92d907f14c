import { invalidField } from '#domain/errors.ts'
import { filter, flag, order, page } from './query.ts'
import type { StackCall } from './route.ts'

type Answer = { [field: string]: unknown }

/**
 * A list that is short by its nature (languages, environments), as section 1.8 has lists: found by the texts of some
 * fields, sorted, counted, a page of it. Throws `invalid` where it is asked for by anything else.
 */
export function listNamed<A extends Answer>(
  { query }: Pick<StackCall, 'query'>,
  noun: string,
  all: readonly A[],
  fields: readonly string[],
): { [word: string]: unknown } {
  const found = all.filter(chosenBy(filter(query), fields))
  const sorted = order(query)
  if (sorted) {
    if (!fields.includes(sorted.field))
      throw invalidField(sorted.direction, 'invalid', `must be one of ${fields.join(', ')}.`)
    const sign = sorted.direction === 'asc' ? 1 : -1
    const word = (one: A) => textOf(one[sorted.field])
    found.sort((one, other) => (word(one) < word(other) ? -sign : word(one) > word(other) ? sign : 0))
  }
  if (flag(query, 'count')) return { [noun]: found.length }
  const { limit, offset } = page(query)
  const counted = flag(query, 'include_count') ? { count: found.length } : {}
  return { [noun]: found.slice(offset, offset + limit), ...counted }
}

/** Equality, and `$in`. */
function chosenBy(query: Answer, fields: readonly string[]): (one: Answer) => boolean {
  const tests = Object.entries(query).map(([field, value]) => {
    if (!fields.includes(field))
      throw invalidField(`query.${field}`, 'unknown', `is asked for by ${fields.join(', ')} only.`)
    const several = (value as { $in?: unknown } | null)?.$in ?? [value]
    if (Array.isArray(several) && several.every((one) => typeof one === 'string'))
      return (one: Answer) => several.includes(textOf(one[field]))
    throw invalidField(`query.${field}`, 'invalid', 'must be a text, or {"$in": […]}.')
  })
  return (one) => tests.every((test) => test(one))
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
