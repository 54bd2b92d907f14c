import { Buffer } from 'node:buffer'
import { defaultPage, mostOnPage } from './limits.ts'
import { userError } from './user-error.ts'

export interface PageArgs {
  first?: number | null
  last?: number | null
  after?: string | null
  before?: string | null
}

/** What is asked of a list: a row more than fits, to know whether there is another page. */
export interface Page<Place> {
  limit: number
  after?: Place
  before?: Place
  backwards: boolean
}

/** How a place in a list is told to clients. `read` answers undefined for what is none. */
export interface Cursors<Place> {
  show(place: Place): string
  read(text: string): Place | undefined
}

const encode = (text: string) => Buffer.from(text, 'utf8').toString('base64url')
const decode = (cursor: string) => Buffer.from(cursor, 'base64url').toString('utf8')

function cursors<Place>(
  show: (place: Place) => string,
  read: (text: string) => Place | undefined,
): Cursors<Place> {
  return { show: (place) => encode(show(place)), read: (cursor) => read(decode(cursor)) }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const place = /^[0-9]{10} [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export const byUuid = cursors<string>(String, (text) => (uuid.test(text) ? text : undefined))
export const byPlace = cursors<string>(String, (text) => (place.test(text) ? text : undefined))
export const byKey = cursors<string>(String, (text) => (/^[\x20-\x7e]{1,200}$/.test(text) ? text : undefined))
export const byNumber = cursors<number>(String, (text) =>
  /^[0-9]{1,9}$/.test(text) ? Number(text) : undefined,
)

/** Throws where they say what cannot be done, in words for the caller. */
export function readPage<Place>(
  { first, last, after, before }: PageArgs,
  { read }: Cursors<Place>,
): Page<Place> {
  if (typeof first === 'number' && typeof last === 'number')
    throw userError('Give `first` or `last`, not both.')
  const count = first ?? last ?? defaultPage
  if (count < 0 || count > mostOnPage)
    throw userError(`\`${typeof last === 'number' ? 'last' : 'first'}\` has to be from 0 to ${mostOnPage}.`)
  const page: Page<Place> = { limit: count + 1, backwards: typeof last === 'number' }
  for (const [name, cursor] of Object.entries({ after, before })) {
    if (typeof cursor !== 'string') continue
    const found = read(cursor)
    if (found === undefined) throw userError(`\`${name}\` is not a cursor of this list.`)
    page[name as 'after' | 'before'] = found
  }
  return page
}

/** A connection out of rows that were read for this page. They are in the list's order, also where it was read backwards. */
export function connect<Row, Place>(
  rows: readonly Row[],
  { limit, after, before, backwards }: Page<Place>,
  { show }: Cursors<Place>,
  placeOf: (row: Row) => Place,
) {
  const most = limit - 1
  const more = rows.length > most
  const shown = !more ? rows : backwards ? rows.slice(rows.length - most) : rows.slice(0, most)
  const edges = shown.map((node) => ({ cursor: show(placeOf(node)), node }))
  return {
    edges,
    pageInfo: {
      hasNextPage: backwards ? before !== undefined : more,
      hasPreviousPage: backwards ? more : after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}

/** What a field of pages costs: what is asked of one row, times the rows. */
export function pageCost({ first, last }: PageArgs) {
  return { field: 1, multiplier: Math.min(Math.max(first ?? last ?? defaultPage, 1), mostOnPage) }
}

/** A connection out of a list that is read whole: places are positions in it. */
export function connectList<Row>(all: readonly Row[], args: PageArgs) {
  const page = readPage(args, byNumber)
  const placed = all.map((row, position) => ({ row, position }))
  const { after = -1, before = all.length, limit, backwards } = page
  const within = placed.slice(after + 1, Math.max(before, after + 1))
  const { edges, ...rest } = connect(
    backwards ? within.slice(-limit) : within.slice(0, limit),
    page,
    byNumber,
    ({ position }) => position,
  )
  return { ...rest, edges: edges.map(({ cursor, node }) => ({ cursor, node: node.row })) }
}
