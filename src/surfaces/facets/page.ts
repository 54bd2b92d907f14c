import { Type, type TSchema } from 'typebox'
import { count } from './read-query.ts'
import type { Call } from './route.ts'

/** Which page is asked for: `pageNumber` from 0 on. */
export interface Asked {
  page: number
  size: number
}

const mostOnPage = 500
const lastPage = 1_000_000

/** Throws `invalid`. */
export function readPage(
  query: Call['query'],
  {
    number = 'pageNumber',
    size = 'pageSize',
    usual = 50,
  }: { number?: string; size?: string; usual?: number } = {},
): Asked {
  return {
    page: count(query, number, { usual: 0, most: lastPage }),
    size: count(query, size, { usual, least: 1, most: mostOnPage }),
  }
}

const Count = Type.Integer({ minimum: 0 })

/** A page as Spring writes it: clients read `content` and `totalPages` (section 2.7). */
export function PageOf<T extends TSchema>(item: T) {
  return Type.Object({
    content: Type.Array(item),
    totalElements: Count,
    totalPages: Count,
    number: Count,
    size: Count,
    numberOfElements: Count,
    first: Type.Boolean(),
    last: Type.Boolean(),
    empty: Type.Boolean(),
  })
}

export function writePage<T>(content: readonly T[], total: number, { page, size }: Asked) {
  const totalPages = Math.ceil(total / size)
  return {
    ...{ content, totalElements: total, totalPages, number: page, size },
    numberOfElements: content.length,
    ...{ first: page === 0, last: page >= totalPages - 1, empty: content.length === 0 },
  }
}
