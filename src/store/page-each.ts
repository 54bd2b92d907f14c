import { sql, type RawBuilder } from 'kysely'

/**
 * A page of each of several lists, newest first, in one statement: what follows `after` and precedes `before`, at most
 * `limit` of each. `backwards`: the last of them, not the first; in the same order.
 */
export interface EachPage<Place> {
  limit: number
  after?: Place | undefined
  before?: Place | undefined
  backwards?: boolean | undefined
}

interface Lists<Place> {
  /** The table whose rows are listed, under the name `one`. */
  from: RawBuilder<unknown>
  /** The column of `one` that says which list a row is in: uuids. */
  list: RawBuilder<unknown>
  /** What they are in order of, and the type that a place has in it. */
  key: RawBuilder<unknown>
  type: RawBuilder<unknown>
  /** Which lists: values of `list`. */
  ids: readonly string[]
  /** `up`: the smallest key first. */
  order?: 'down' | 'up'
  /** What else has to hold of a row. */
  where?: RawBuilder<unknown> | undefined
  page: EachPage<Place>
}

/**
 * The ids of the rows of one page of each list, to be compared with: `id = …`. Each list is a walk of its index that
 * ends early. An array that is worked out first: as a subselect the planner takes it for a large part of the table,
 * and reads all of every table that is joined to it.
 */
export function idsOfEach<Place>({
  from,
  list,
  key,
  type,
  ids,
  order = 'down',
  where = sql`true`,
  page,
}: Lists<Place>): RawBuilder<string> {
  const { limit, after, before, backwards = false } = page
  const down = order === 'down'
  const [past, short] = down ? [sql`<`, sql`>`] : [sql`>`, sql`<`]
  return sql<string>`any(array(select one.id from unnest(${sql.val(ids)}::uuid[]) lists (list_id) cross join lateral (
    select one.id from ${from} one where ${list} = list_id and ${where}
      ${after === undefined ? sql`` : sql`and ${key} ${past} ${after}::${type}`}
      ${before === undefined ? sql`` : sql`and ${key} ${short} ${before}::${type}`}
    order by ${key} ${down === backwards ? sql`asc` : sql`desc`} limit ${limit}::int) one))`
}
