import { LRUCache } from 'lru-cache'
import { findExternalId, insertExternalIds, listExternalIds } from '#store/external-id.ts'
import type { Db } from '#store/database.ts'
import type { House } from '../context.ts'

/**
 * An id once given never changes, so both directions are remembered; not for ever, since it goes with its project.
 * One memory per store, since tests open several houses in one process.
 */
const memories = new WeakMap<Db, LRUCache<string, string>>()

function memoryOf(db: Db): LRUCache<string, string> {
  let memory = memories.get(db)
  if (!memory) memories.set(db, (memory = new LRUCache({ max: 20_000, ttl: 60_000 })))
  return memory
}

/** After a commit that removed some: this process answers for none that is gone, others follow within a minute. */
export function forgetExternals({ db }: Pick<House, 'db'>): void {
  memories.get(db)?.clear()
}

/** What `external` stands for at this surface, or undefined. */
export async function resolveExternal(
  { db }: Pick<House, 'db'>,
  surface: string,
  kind: string,
  external: string,
): Promise<string | undefined> {
  const memory = memoryOf(db)
  const key = `in ${surface} ${kind} ${external}`
  const known = memory.get(key)
  if (known) return known
  const internal = await findExternalId(db, { surface, kind, external })
  if (internal) memory.set(key, internal)
  return internal
}

/** The external ids of these things, in one query at most; what has none is missing from the map. */
export async function externalFor(
  { db }: Pick<House, 'db'>,
  surface: string,
  kind: string,
  internals: readonly (string | null | undefined)[],
): Promise<Map<string, string>> {
  const memory = memoryOf(db)
  const found = new Map<string, string>()
  const missing: string[] = []
  for (const internal of new Set(internals)) {
    if (!internal) continue
    const known = memory.get(`out ${surface} ${kind} ${internal}`)
    if (known) found.set(internal, known)
    else missing.push(internal)
  }
  if (missing.length === 0) return found
  for (const { internal, external } of await listExternalIds(db, { surface, kind, internals: missing })) {
    memory.set(`out ${surface} ${kind} ${internal}`, external)
    found.set(internal, external)
  }
  return found
}

/** Gives ids in the caller's transaction. False for those whose external id is taken already. */
export async function assignExternal(
  tx: Db,
  surface: string,
  kind: string,
  internal: string,
  external: string,
): Promise<boolean> {
  return (await insertExternalIds(tx, [{ surface, kind, internal, external }])) === 1
}

/** The external ids of these things, made for those that have none yet. */
export async function makeExternal(
  house: Pick<House, 'db'>,
  surface: string,
  kind: string,
  internals: readonly (string | null | undefined)[],
  make: () => string,
): Promise<Map<string, string>> {
  const found = await externalFor(house, surface, kind, internals)
  const without = [...new Set(internals)].filter((id) => typeof id === 'string' && !found.has(id)) as string[]
  if (without.length === 0) return found
  await insertExternalIds(
    house.db,
    without.map((internal) => ({ surface, kind, internal, external: make() })),
  )
  // Another process may have been quicker: what stands in the table is the id.
  return externalFor(house, surface, kind, internals)
}
