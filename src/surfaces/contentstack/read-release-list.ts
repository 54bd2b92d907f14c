import type { Condition, Order } from '#catalogue/content/condition.ts'
import { resolveExternals } from '#app/external-ids/resolve-external.ts'
import { invalidField } from '#domain/errors.ts'
import { surface } from './ids.ts'
import { filter, order } from './query.ts'
import type { StackCall } from './route.ts'
import { peopleIn, readOrder, readQuery, type Fields } from './translate/condition.ts'

const fields: Fields = {
  system: {
    uid: 'uid',
    name: 'title',
    sys_version: 'version',
    created_at: 'created_at',
    updated_at: 'updated_at',
    created_by: 'created_by',
    updated_by: 'updated_by',
  },
}

const others: readonly string[] = ['description', 'locked', 'archived']

const known = [...Object.keys(fields.system), ...others].join(', ')

/** What a list of releases was asked for in `query`, `asc` and `desc` (section 1.8). Throws `invalid`. */
export async function readReleaseList(call: StackCall): Promise<{ where?: Condition; sorting?: Order[] }> {
  const asked = filter(call.query)
  const people = await resolveExternals(call.house, surface, 'user', peopleIn(asked))
  const where = readQuery(asked, fields, (uid) => people.get(String(uid)) ?? nobody)
  const by = order(call.query)
  const sorting = readOrder(by, fields)
  if (by && sorting.some((each) => 'field' in each && !others.includes(each.field)))
    throw invalidField(by.direction, 'invalid', `releases are ordered by one of ${known}.`)
  const uids = await resolveExternals(call.house, surface, 'release', where ? uidsIn(where) : [])
  return {
    ...(where ? { where: ourIds(where, uids) } : {}),
    ...(sorting.length > 0 ? { sorting } : {}),
  }
}

/** The uids of releases that a condition compares with. */
function uidsIn(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(uidsIn)
  if ('any' in condition) return condition.any.flatMap(uidsIn)
  if ('none' in condition) return condition.none.flatMap(uidsIn)
  if (!('system' in condition) || condition.system !== 'uid') return []
  const { value } = condition
  return (Array.isArray(value) ? value : [value]).filter((uid) => typeof uid === 'string')
}

/** The same condition about our ids; what a release does not have, and ids in a pattern, are refused. */
function ourIds(condition: Condition, uids: ReadonlyMap<string, string | undefined>): Condition {
  if ('all' in condition) return { all: condition.all.map((part) => ourIds(part, uids)) }
  if ('any' in condition) return { any: condition.any.map((part) => ourIds(part, uids)) }
  if ('none' in condition) return { none: condition.none.map((part) => ourIds(part, uids)) }
  if ('field' in condition && others.includes(condition.field)) return condition
  if (!('system' in condition)) {
    const field = 'field' in condition ? condition.field : 'refers' in condition ? condition.refers : ''
    throw invalidField(`query.${field}`, 'unknown', `releases are queried by ${known}.`)
  }
  if (condition.system !== 'uid') return condition
  const { is, value } = condition
  if (is !== 'equal' && is !== 'not_equal' && is !== 'in' && is !== 'not_in')
    throw invalidField('query.uid', 'invalid', 'is compared by $ne, $in and $nin only.')
  const ours = (uid: unknown) => uids.get(String(uid)) ?? nobody
  return { ...condition, value: Array.isArray(value) ? value.map(ours) : ours(value) }
}

/** Whose nothing is. */
const nobody = '00000000-0000-0000-0000-000000000000'
