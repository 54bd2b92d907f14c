import { LRUCache } from 'lru-cache'
import type { Freeze } from '#domain/freeze.ts'
import type { Db } from '#store/database.ts'
import { listFreezesById, type StandingFreeze } from '#store/freeze.ts'

interface Known {
  project_id: string
  /** Null: every environment of the project. */
  environment_id: string | null
  freeze: Freeze
}

/** What a freeze says never changes, so that only which of them stand has to be asked anew. */
const known = new LRUCache<string, Known>({ max: 20_000 })

/** The freezes of these ids, in force or not: asked place by place. */
export async function knownFreezes(
  db: Db,
  ids: readonly string[],
): Promise<(place: { project_id: string; environment_id: string }) => Freeze[]> {
  const missing = ids.filter((id) => !known.has(id))
  const met = new Map<string, Known>()
  for (const row of missing.length > 0 ? await listFreezesById(db, missing) : []) {
    const { id, project_id, environment_id } = row
    met.set(id, { project_id, environment_id, freeze: freezeOf(row) })
    known.set(id, met.get(id)!)
  }
  const standing = ids.flatMap((id) => met.get(id) ?? known.get(id) ?? [])
  return ({ project_id, environment_id }) =>
    standing.flatMap((one) => {
      const here =
        one.environment_id === null ? one.project_id === project_id : one.environment_id === environment_id
      return here ? one.freeze : []
    })
}

/** A freeze as the law knows it. */
export function freezeOf(row: StandingFreeze): Freeze {
  const { id, name, reason, created_at, expires_at, set_by, rrule, start, duration_minutes } = row
  const { time_zone, starts_on } = row
  const rule =
    rrule !== null && start !== null && duration_minutes !== null && time_zone !== null && starts_on !== null
      ? { rrule, start, duration_minutes, time_zone, starts_on }
      : null
  return { id, name, reason, created_at, expires_at, set_by, rule }
}
