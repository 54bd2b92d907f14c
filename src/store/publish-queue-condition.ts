import { sql, type RawBuilder } from 'kysely'

/** What rows `q` of the publish queue can be asked about, and sorted by. */
const fields = {
  number: sql`q.number::text`,
  position: sql`q.position::text`,
  type: sql`case when q.item_key is null then 'release' when q.kind = 'asset' then 'asset' else 'entry' end`,
  action: sql`q.action`,
  standing: sql`q.standing`,
  kind: sql`q.kind`,
  uid: sql`coalesce(split_part(q.item_key, '/', 2), q.release_id::text)`,
  release_id: sql`q.release_id::text`,
  title: sql`q.title`,
  locale: sql`split_part(q.item_key, '/', 3)`,
  version: sql`split_part(q.version, '@', 1)`,
  environment_id: sql`q.environment_id::text`,
  request_id: sql`q.request_id::text`,
  requested_by: sql`q.requested_by::text`,
  requested_at: sql`q.requested_at`,
  updated_at: sql`q.updated_at`,
  finished_at: sql`q.finished_at`,
  due_at: sql`q.due_at`,
} satisfies Record<string, RawBuilder<unknown>>

export type QueueField = keyof typeof fields

/** Of times, compared as dates; everything else as text. */
const times: readonly QueueField[] = ['requested_at', 'updated_at', 'finished_at', 'due_at']

const signs = { less: '<', at_most: '<=', more: '>', at_least: '>=' } as const

export type QueueCondition =
  | { all: readonly QueueCondition[] }
  | { any: readonly QueueCondition[] }
  | { not: QueueCondition }
  | { field: QueueField; among: readonly (string | null)[] }
  | { field: QueueField; is: keyof typeof signs; value: string }

/** What a list is sorted by. */
export function queueColumn(field: QueueField): RawBuilder<unknown> {
  return fields[field]
}

/** The condition in SQL, on rows `q`. Values go as parameters. */
export function compileQueueCondition(condition: QueueCondition): RawBuilder<unknown> {
  if ('all' in condition) return joined(condition.all, sql` and `, sql`true`)
  if ('any' in condition) return joined(condition.any, sql` or `, sql`false`)
  if ('not' in condition) return sql`not coalesce(${compileQueueCondition(condition.not)}, false)`
  const column = fields[condition.field]
  const type = times.includes(condition.field) ? sql`timestamptz` : sql`text`
  if ('is' in condition) return sql`${column} ${sql.raw(signs[condition.is])} ${condition.value}::${type}`
  const known = condition.among.filter((value) => value !== null)
  const found = sql`${column} = any(${sql.val(known)}::${type}[])`
  return condition.among.includes(null) ? sql`(${column} is null or ${found})` : found
}

function joined(parts: readonly QueueCondition[], word: RawBuilder<unknown>, empty: RawBuilder<unknown>) {
  return parts.length === 0 ? empty : sql`(${sql.join(parts.map(compileQueueCondition), word)})`
}
