import { resolveExternals } from '#app/external-ids/resolve-external.ts'
import { environmentFinder } from './find-environments.ts'
import { surface } from './ids.ts'
import { filter, order } from './query.ts'
import type { StackCall } from './route.ts'
import { readQueueOrder, readQueueQuery, type IdOf } from './translate/queue-query.ts'

/**
 * What the queue was asked for: its query and order. It is read once to hear what it names and once with the ids,
 * which are looked up together, however many there are.
 */
export async function readQueue(call: StackCall) {
  const { house, query } = call
  const asked = filter(query)
  const named = { environment: new Set<string>(), user: new Set<string>(), release: new Set<string>() }
  readQueueQuery(asked, (kind, uid) => void named[kind].add(uid))
  const [users, releases, environment] = await Promise.all([
    resolveExternals(house, surface, 'user', [...named.user]),
    resolveExternals(house, surface, 'release', [...named.release]),
    // By name as well as by uid.
    named.environment.size > 0 ? environmentFinder(call) : undefined,
  ])
  const idOf: { [K in Parameters<IdOf>[0]]: (uid: string) => string | undefined } = {
    environment: (uid) => environment?.(uid)?.id,
    user: (uid) => users.get(uid),
    release: (uid) => releases.get(uid),
  }
  return { where: readQueueQuery(asked, (kind, uid) => idOf[kind](uid)), order: readQueueOrder(order(query)) }
}
