import type { QueueCondition, QueueField } from '#app/publish-queue/list-queue.ts'
import { invalidField } from '#domain/errors.ts'
import { assetTypes } from './release.ts'
import { readQueueUid, standingsOf } from './queue-row.ts'
import { readTime } from './time.ts'

type Query = { [key: string]: unknown }

/** What the vendor calls the fields of a row that can be asked for, and sorted by. */
const words: { [word: string]: QueueField } = {
  uid: 'number',
  type: 'type',
  action: 'action',
  'publish_details.status': 'standing',
  environment: 'environment_id',
  locale: 'locale',
  user: 'requested_by',
  created_by: 'requested_by',
  bulkJobId: 'request_id',
  created_at: 'requested_at',
  updated_at: 'updated_at',
  published_at: 'finished_at',
  scheduled_at: 'due_at',
  'entry.uid': 'uid',
  'entry.title': 'title',
  'entry.locale': 'locale',
  'entry.version': 'version',
  'content_type.uid': 'kind',
}

const comparisons = { $lt: 'less', $lte: 'at_most', $gt: 'more', $gte: 'at_least' } as const
const groups: { [word: string]: 'all' | 'any' } = { $and: 'all', $or: 'any' }
const times: readonly QueueField[] = ['requested_at', 'updated_at', 'finished_at', 'due_at']

/** Our id for the vendor's, of an environment, a user or a release; undefined where there is none. */
export type IdOf = (kind: 'environment' | 'user' | 'release', uid: string) => string | undefined

const most = { depth: 10, values: 1000 }

/** The vendor's query (section 1.8) as the queue is asked. Throws `invalid` at `query.…`. */
export function readQueueQuery(query: Query, idOf: IdOf, depth = 0): QueueCondition | undefined {
  if (depth > most.depth) throw wrong('query', 'is nested too deeply.')
  const all: QueueCondition[] = []
  for (const [key, value] of Object.entries(query)) {
    const group = groups[key]
    if (group) all.push(readGroup(group, key, value, idOf, depth))
    else if (isObject(value))
      for (const [operator, operand] of Object.entries(value))
        all.push(readTest(key, operator, operand, idOf))
    else all.push(among(key, [value], idOf))
  }
  return all.length === 0 ? undefined : { all }
}

function readGroup(group: 'all' | 'any', key: string, value: unknown, idOf: IdOf, depth: number) {
  if (!Array.isArray(value) || !value.every(isObject) || value.length > most.values)
    throw wrong(key, 'must be a list of queries.')
  const parts = value.map((part) => readQueueQuery(part, idOf, depth + 1) ?? { all: [] })
  return group === 'all' ? { all: parts } : { any: parts }
}

function readTest(key: string, operator: string, operand: unknown, idOf: IdOf): QueueCondition {
  switch (operator) {
    case '$eq':
      return among(key, [operand], idOf)
    case '$ne':
      return { not: among(key, [operand], idOf) }
    case '$in':
    case '$nin': {
      if (!Array.isArray(operand) || operand.length > most.values)
        throw wrong(`${key}.${operator}`, `must be a list of ${most.values} values at most.`)
      const found = among(key, operand, idOf)
      return operator === '$in' ? found : { not: found }
    }
    case '$exists': {
      const none: QueueCondition = { field: fieldOf(key), among: [null] }
      return operand === true ? { not: none } : none
    }
    case '$lt':
    case '$lte':
    case '$gt':
    case '$gte': {
      const field = fieldOf(key)
      if (!times.includes(field)) throw wrong(`${key}.${operator}`, 'is supported for times only.')
      return { field, is: comparisons[operator], value: timeOf(key, operand) }
    }
    default:
      throw wrong(`${key}.${operator}`, 'is not supported.')
  }
}

function among(key: string, values: readonly unknown[], idOf: IdOf): QueueCondition {
  const field = fieldOf(key)
  const told = values.map((value) => (value === null ? null : textOf(key, value)))
  if (field === 'standing') return { any: told.map((word) => standing(word ?? '')) }
  if (field === 'number') return { any: told.map((uid) => named(uid ?? '')) }
  if (times.includes(field)) return { field, among: told.map((text) => text && timeOf(key, text)) }
  if (field === 'kind')
    return {
      all: [
        { field: 'type', among: ['entry'] },
        { field, among: told },
      ],
    }
  if (field === 'environment_id') return { field, among: ids('environment', told, idOf) }
  if (field === 'requested_by') return { field, among: ids('user', told, idOf) }
  if (key !== 'entry.uid') return { field, among: told }
  const releases = ids('release', told, idOf)
  return {
    any: [
      { field, among: told },
      {
        all: [
          { field: 'type', among: ['release'] },
          { field: 'release_id', among: releases },
        ],
      },
    ],
  }
}

function named(uid: string): QueueCondition {
  const name = readQueueUid(uid)
  if (!name) return { any: [] }
  return {
    all: [
      { field: 'number', among: [String(name.number)] },
      { field: 'position', among: [String(name.position)] },
    ],
  }
}

/** One word says something else of a release than of an item. */
function standing(word: string): QueueCondition {
  const { releases, items } = standingsOf(word)
  const release: QueueCondition = { field: 'type', among: ['release'] }
  return {
    any: [
      { all: [release, { field: 'standing', among: releases }] },
      { all: [{ not: release }, { field: 'standing', among: items }] },
    ],
  }
}

function ids(kind: Parameters<IdOf>[0], uids: readonly (string | null)[], idOf: IdOf) {
  return uids.map((uid) => (uid === null ? null : (idOf(kind, uid) ?? 'none')))
}

/** What a list is sorted by. Throws `invalid` for what a row does not have. */
export function readQueueOrder(asked: { field: string; direction: 'asc' | 'desc' } | undefined) {
  if (!asked) return undefined
  const field = Object.hasOwn(words, asked.field) ? words[asked.field] : undefined
  if (!field)
    throw invalidField(asked.direction, 'invalid', `A row of the queue has no field '${asked.field}'.`)
  return { field, direction: asked.direction }
}

function fieldOf(key: string): QueueField {
  const field = Object.hasOwn(words, key) ? words[key] : undefined
  if (field) return field
  throw wrong(key, 'is no field of a row of the queue.')
}

function textOf(key: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') {
    const text = String(value)
    return key === 'content_type.uid' && assetTypes.includes(text) ? 'asset' : text
  }
  throw wrong(key, 'must be a text or a number.')
}

function timeOf(key: string, value: unknown): string {
  const time = typeof value === 'string' ? readTime(value) : undefined
  if (time) return time.toISOString()
  throw wrong(key, 'must be an ISO 8601 time.')
}

function wrong(key: string, detail: string) {
  return invalidField(key === 'query' ? key : `query.${key}`, 'invalid', detail)
}

function isObject(value: unknown): value is Query {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
