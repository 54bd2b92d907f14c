import { findExternalId, insertExternalIds, listExternalIds, listInternalIds } from '#store/external-id.ts'
import type { Db } from '#store/database.ts'
import type { House } from '../context.ts'
import { memoryOf } from '../memory.ts'

/** What `external` stands for at this surface, or undefined. An id once given never changes: it is remembered. */
export function resolveExternal(
  house: Pick<House, 'db' | 'now'>,
  surface: string,
  kind: string,
  external: string,
): Promise<string | undefined> {
  return memoryOf(house).recall(`in ${surface} ${kind} ${external}`, house.now().getTime(), () =>
    findExternalId(house.db, { surface, kind, external }),
  )
}

/** The same for many, in one query at most; what stands for nothing is missing from the map. */
export async function resolveExternals(
  house: Pick<House, 'db' | 'now'>,
  surface: string,
  kind: string,
  externals: readonly string[],
): Promise<Map<string, string>> {
  if (externals.length === 0) return new Map()
  const prefix = `in ${surface} ${kind} `
  const keys = externals.map((external) => prefix + external)
  const found = await memoryOf(house).recallAll(keys, house.now().getTime(), async (missing) => {
    const wanted = missing.map((key) => key.slice(prefix.length))
    const rows = await listInternalIds(house.db, { surface, kind, externals: wanted })
    return new Map(rows.map(({ external, internal }) => [prefix + external, internal]))
  })
  return new Map([...found].map(([key, internal]) => [key.slice(prefix.length), internal]))
}

/** The external ids of these things, in one query at most; what has none is missing from the map. */
export async function externalFor(
  house: Pick<House, 'db' | 'now'>,
  surface: string,
  kind: string,
  internals: readonly (string | null | undefined)[],
): Promise<Map<string, string>> {
  if (internals.every((id) => typeof id !== 'string')) return new Map()
  const prefix = `out ${surface} ${kind} `
  const keys = internals.filter((id) => typeof id === 'string').map((id) => prefix + id)
  const found = await memoryOf(house).recallAll(keys, house.now().getTime(), async (missing) => {
    const ids = missing.map((key) => key.slice(prefix.length))
    const rows = await listExternalIds(house.db, { surface, kind, internals: ids })
    return new Map(rows.map(({ internal, external }) => [prefix + internal, external]))
  })
  return new Map([...found].map(([key, external]) => [key.slice(prefix.length), external]))
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
  house: Pick<House, 'db' | 'now'>,
  surface: string,
  kind: string,
  internals: readonly (string | null | undefined)[],
  make: () => string,
): Promise<Map<string, string>> {
  const found = await externalFor(house, surface, kind, internals)
  if (internals.every((id) => typeof id !== 'string' || found.has(id))) return found
  const without = [...new Set(internals)].filter((id) => typeof id === 'string' && !found.has(id)) as string[]
  if (without.length === 0) return found
  await insertExternalIds(
    house.db,
    without.map((internal) => ({ surface, kind, internal, external: make() })),
  )
  // Another process may have been quicker: what stands in the table is the id.
  return externalFor(house, surface, kind, internals)
}
