import { sql, type RawBuilder } from 'kysely'
import type { Json } from './columns.ts'

/** What an item says of itself, beside its data. */
export const systemFields = [
  'uid',
  'version',
  'title',
  'parent_uid',
  'created_at',
  'updated_at',
  'created_by',
  'updated_by',
  'published_at',
] as const

export type SystemField = (typeof systemFields)[number]

export type Operator =
  | 'equal'
  | 'not_equal'
  | 'less'
  | 'at_most'
  | 'more'
  | 'at_least'
  | 'in'
  | 'not_in'
  | 'exists'
  | 'matches'

interface Test {
  is: Operator
  /** A scalar; a list for `in` and `not_in`; a boolean for `exists`; a regular expression for `matches`. */
  value: Json
  ignore_case?: boolean
  /** Of a field: dates are compared as moments, however they are written. The value is in ISO 8601, of UTC. */
  as_date?: boolean
}

/** What the items of a list must say. A path (`group.sub`, `blocks.hero.title`) looks into lists. */
export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { none: Condition[] }
  | ({ field: string } & Test)
  | ({ system: SystemField } & Test)
  /** Some entry that the reference at `refers` points at says `to`, as it stands where the list does. */
  | { refers: string; to: Condition }
  /** Some text of it, in any field, has this in it, in any case. */
  | { says: string }
  /** Made after, or before, the item of this uid. */
  | { made: 'after' | 'before'; uid: string }

export type Order = ({ field: string } | { system: SystemField }) & { direction: 'ascending' | 'descending' }

/** Where a list has them: references to columns, written by the store itself. */
export type Columns = { data: RawBuilder<unknown> } & Record<SystemField, RawBuilder<unknown>> & {
    /** The item's own id, which sorts by when it was made, and its branch's. */
    id?: RawBuilder<unknown>
    branch_id?: RawBuilder<unknown>
    /** Whether the entry of this uid, as it stands where the list does, says something. */
    behind?: (
      uid: RawBuilder<unknown>,
      says: (columns: Columns) => RawBuilder<boolean>,
    ) => RawBuilder<boolean>
  }

type Sql = RawBuilder<boolean>

/** The condition in SQL. Values go as parameters; what they are was checked by the catalogue. */
export function compileCondition(condition: Condition, columns: Columns): Sql {
  if ('all' in condition) return join(condition.all, ' and ', sql`true`, columns)
  if ('any' in condition) return join(condition.any, ' or ', sql`false`, columns)
  if ('none' in condition) return sql`not ${join(condition.none, ' or ', sql`false`, columns)}`
  if ('system' in condition) return compileSystem(columns[condition.system], condition)
  if ('refers' in condition) return compileReference(condition, columns)
  if ('says' in condition) return compileText(condition.says, columns)
  if ('made' in condition) return compileMade(condition, columns)
  return compileField(columns.data, condition.field, condition)
}

/** Of lists that have no references to look behind, nothing says so. */
function compileReference({ refers, to }: { refers: string; to: Condition }, columns: Columns): Sql {
  const { data, behind } = columns
  if (!behind) return sql`false`
  return sql`exists (
    select from jsonb_path_query(${data}, ${jsonPath(`${refers}.uid`)}::text::jsonpath) as refers (uid)
    where ${behind(sql`refers.uid #>> '{}'`, (referred) => compileCondition(to, referred))})`
}

function compileText(text: string, { data }: Columns): Sql {
  return sql`${data} @? ${`$.** ? (@ like_regex ${JSON.stringify(text)} flag "iq")`}::text::jsonpath`
}

function compileMade({ made, uid }: { made: 'after' | 'before'; uid: string }, columns: Columns): Sql {
  const { id, branch_id } = columns
  if (!id || !branch_id) return sql`false`
  return sql`coalesce(${id} ${sql.raw(made === 'after' ? '>' : '<')} (
    select id from content_item where branch_id = ${branch_id} and uid = ${uid}), false)`
}

/** A path of uids as the store writes it. */
export function jsonPath(field: string): string {
  return `$.${field
    .split('.')
    .map((step) => JSON.stringify(step))
    .join('.')}`
}

function join(parts: Condition[], word: ' and ' | ' or ', empty: Sql, columns: Columns): Sql {
  if (parts.length === 0) return empty
  return sql`(${sql.join(
    parts.map((part) => compileCondition(part, columns)),
    sql.raw(word),
  )})`
}

const signs = { less: '<', at_most: '<=', more: '>', at_least: '>=' } as const

function compileSystem(column: RawBuilder<unknown>, { is, value, ignore_case }: Test): Sql {
  switch (is) {
    case 'equal':
      return sql`${column} is not distinct from ${value}`
    case 'not_equal':
      return sql`${column} is distinct from ${value}`
    case 'in':
      return listed(column, value)
    case 'not_in':
      return sql`not ${listed(column, value)}`
    case 'exists':
      return value === true ? sql`${column} is not null` : sql`${column} is null`
    case 'matches':
      return sql`coalesce(${column}::text ${regexSign(ignore_case)} ${value}, false)`
    default:
      return sql`coalesce(${column} ${sql.raw(signs[is])} ${value}, false)`
  }
}

function listed(column: RawBuilder<unknown>, value: Json): Sql {
  const values = value as Json[]
  if (values.length === 0) return sql`false`
  return sql`(${sql.join(
    values.map((each) => sql`${column} is not distinct from ${each}`),
    sql` or `,
  )})`
}

function regexSign(ignoreCase = false): RawBuilder<unknown> {
  return ignoreCase ? sql`~*` : sql`~`
}

/**
 * JSON paths in lax mode step into lists by themselves, which is how a list is found by one of its values. Values
 * stand in the path, and the path is a parameter: so the index on what versions say can answer for equality.
 */
function compileField(data: RawBuilder<unknown>, field: string, test: Test): Sql {
  const path = jsonPath(field)
  const found = (filter: string): Sql => sql`${data} @? ${`${path} ? (${filter})`}::text::jsonpath`
  const filled = found('!(@ == null)')
  const not = (inner: Sql): Sql => sql`not coalesce(${inner}, false)`
  const equal = (value: Json) => (value === null ? not(filled) : found(`@ == ${JSON.stringify(value)}`))
  const among = (value: Json) => {
    const values = (value as Json[]).filter((each) => each !== null)
    const some =
      values.length === 0
        ? sql<boolean>`false`
        : found(values.map((each) => `@ == ${JSON.stringify(each)}`).join(' || '))
    return (value as Json[]).includes(null) ? sql<boolean>`(${some} or ${not(filled)})` : some
  }
  switch (test.is) {
    case 'equal':
      return equal(test.value)
    case 'not_equal':
      return not(equal(test.value))
    case 'in':
      return among(test.value)
    case 'not_in':
      return not(among(test.value))
    case 'exists':
      return test.value === true ? filled : not(filled)
    case 'matches':
      return sql`exists (
        select from jsonb_path_query(${data}, ${`${path}[*]`}::text::jsonpath) as found (value)
        where jsonb_typeof(found.value) = 'string' and found.value #>> '{}' ${regexSign(test.ignore_case)} ${test.value})`
    default:
      if (test.as_date) return compileMoment(data, path, test.is, test.value)
      return found(`@ ${signs[test.is]} ${JSON.stringify(test.value)}`)
  }
}

/**
 * A day that the calendar has, and a time of day. What only looks like one, from before a field was a date, would else
 * break every question about the field.
 */
const day =
  '(?!0000)(?:\\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)' +
  '|(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)'
const time = 'T(?:[01]\\d|2[0-3]):[0-5]\\d(?::(?:[0-5]\\d|60)(?:\\.\\d+)?)?'

/** What is no date is no moment, and neither before nor after any. A time without a zone is of UTC. */
function compileMoment(
  data: RawBuilder<unknown>,
  path: string,
  is: keyof typeof signs,
  value: Json,
): RawBuilder<boolean> {
  const text = sql`found.value #>> '{}'`
  return sql`exists (
    select from jsonb_path_query(${data}, ${`${path}[*]`}::text::jsonpath) as found (value)
    where case when ${text} ~ ${`^${day}$`} then (${text} || 'T00:00:00Z')::timestamptz
      when ${text} ~ ${`^${day}${time}$`} then (${text} || 'Z')::timestamptz
      when ${text} ~ ${`^${day}${time}(?:Z|[+-](?:0\\d|1[0-5]):?[0-5]\\d)$`} then (${text})::timestamptz
      end ${sql.raw(signs[is])} ${value}::timestamptz)`
}

/** What to sort by, before the list's own order. Items without a value come last. */
export function compileOrder(order: readonly Order[], columns: Columns): RawBuilder<unknown>[] {
  return order.map((each) => {
    const value =
      'system' in each
        ? columns[each.system]
        : sql`nullif(${columns.data} #> ${each.field.split('.')}, 'null')`
    return sql`${value} ${sql.raw(each.direction === 'ascending' ? 'asc' : 'desc')} nulls last`
  })
}
