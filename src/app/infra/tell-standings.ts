import { listEnvironmentStandings, type EnvironmentStanding } from '#store/environment-standing.ts'
import { allows } from '../authorize.ts'
import type { Context } from '../context.ts'

export type { EnvironmentStanding }

/** What there is in each of these environments and what was done there last; those that the caller may not read are left out. */
export async function tellStandings(
  ctx: Context,
  { project_id, environment_ids }: { project_id: string; environment_ids: readonly string[] },
): Promise<Map<string, EnvironmentStanding>> {
  const seen = environment_ids.filter((environment_id) =>
    allows(ctx, 'deployment.read', { project_id, environment_id }),
  )
  const rows = seen.length === 0 ? [] : await listEnvironmentStandings(ctx.db, seen)
  return new Map(rows.map((row) => [row.environment_id, row]))
}
