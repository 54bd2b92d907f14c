import type { House } from '#app/context.ts'
import { makeExternal } from '#app/external-ids/resolve-external.ts'
import { bltOf, surface, type Kind, type UidOf } from './ids.ts'

/** The vendor's ids of these things, in one query at most, made for what has none yet. */
export async function uidsOf(house: House, kind: Kind, ids: readonly (string | null)[]): Promise<UidOf> {
  const found = await makeExternal(house, surface, kind, ids, () => bltOf(house.newId()))
  return (id) => (id === null ? null : (found.get(id) ?? null))
}

/** The same of the things themselves. */
export function uidsOfEach(house: House, kind: Kind, things: readonly { id: string }[]): Promise<UidOf> {
  return uidsOf(
    house,
    kind,
    things.map(({ id }) => id),
  )
}

/** The same of one thing, which must be. */
export async function uidOf(house: House, kind: Kind, id: string): Promise<string> {
  const uid = (await uidsOf(house, kind, [id]))(id)
  if (uid === null) throw new Error(`${kind} ${id} got no external id`)
  return uid
}

/** Who made and last changed things. */
export function authorsOf(
  house: House,
  things: readonly { created_by: string | null; updated_by?: string | null }[],
): Promise<UidOf> {
  return uidsOf(
    house,
    'user',
    things.flatMap(({ created_by, updated_by = null }) => [created_by, updated_by]),
  )
}
