import { sql, type RawBuilder } from 'kysely'
import type { Db } from './database.ts'

type Part = RawBuilder<unknown>

/**
 * A list of what stands in a table that has a row per item and locale: `content_draft` or `content_published`, under
 * the alias `s`, with the item as `i` and its version as `v`.
 */
export interface PageParts {
  /** One of the two, or a relation of the same columns in brackets. */
  table: 'content_draft' | 'content_published' | Part
  /** The columns of `s` that name the version's locale; its number is `s.version` in both. */
  source: Part
  /** A `with` list that has `chain (code, depth)`, where fallbacks may stand in. */
  chain?: Part
  /** The one locale, where none may. */
  locale?: Part
  /** Conditions on `s`, `i` and `v`, and on `other`: a row of the same item that a nearer locale may have. */
  tests: readonly Part[]
  other: readonly Part[]
  /** What is selected, and sorted by. */
  view: Part
  order: readonly Part[]
  limit: number
  offset: number
  with_total: boolean
}

/**
 * One page, and how many there are in all where that is asked: one statement. The page is chosen before what it
 * shows is read; of every locale of a chain only as many rows are looked at as could be on it, in the order of the
 * table's index.
 */
export async function listPage<Row>(db: Db, parts: PageParts): Promise<{ items: Row[]; total?: number }> {
  const { chain, view, with_total } = parts
  const order = sql.join([...parts.order])
  const rows = sql`
    select ${view} from (${pageOf(parts)}) s
    join content_item i on i.id = s.item_id
    join content_version v on v.item_id = s.item_id and v.locale = ${parts.source} and v.version = s.version
    order by ${order}`
  const before = chain ? sql`with recursive ${chain}` : sql``
  if (!with_total) return { items: (await sql<Row>`${before} ${rows}`.execute(db)).rows }
  const counted = await sql<Row & { total: number; id: string | null }>`
    ${before} select counted.total, page.* from (${countOf(parts)}) counted left join lateral (${rows}) page on true
  `.execute(db)
  const items = counted.rows.filter(({ id }) => id !== null).map(({ total: _, ...row }) => row as Row)
  return { items, total: counted.rows[0]?.total ?? 0 }
}

function pageOf(parts: PageParts): Part {
  const { chain, limit, offset } = parts
  const order = sql.join([...parts.order])
  if (!chain) return sql`${standing(parts)} order by ${order} limit ${limit} offset ${offset}`
  return sql`
    select s.* from chain cross join lateral (${standing(parts)} order by ${order} limit ${limit + offset}) s
    ${joined(parts)} order by ${order} limit ${limit} offset ${offset}`
}

function countOf(parts: PageParts): Part {
  return parts.chain
    ? sql`select count(*) as total from chain cross join lateral (${standing(parts)}) s`
    : sql`select count(*) as total from (${standing(parts)}) s`
}

/** What stands in the one locale, or in one of the chain without standing in a nearer one. */
function standing(parts: PageParts): Part {
  const { chain, locale, tests, other } = parts
  const table = typeof parts.table === 'string' ? sql.table(parts.table) : parts.table
  const here = chain
    ? sql`s.locale = chain.code and not exists (
        select from chain nearer join ${table} other on other.item_id = s.item_id and other.locale = nearer.code
        where nearer.depth < chain.depth and ${sql.join([sql`true`, ...other], sql` and `)})`
    : sql`s.locale = ${locale ?? sql`null`}`
  return sql`
    select s.* from ${table} s ${joined(parts)} where ${sql.join([...tests, here], sql` and `)}`
}

/** From the left, so that what nothing is asked of is not read. */
function joined({ source }: PageParts): Part {
  return sql`left join content_item i on i.id = s.item_id
    left join content_version v on v.item_id = s.item_id and v.locale = ${source} and v.version = s.version`
}
