import { DomainError } from '#domain/errors.ts'
import { findEnvironment } from '#store/environment.ts'
import { listLive as rows, type LiveRow } from '#store/live.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'

/** What an environment is at, item by item, by key, after a key. Throws `not_found`. */
export async function listLive(
  ctx: Context,
  { environment_id, limit, after }: { environment_id: string; limit: number; after?: string },
): Promise<LiveRow[]> {
  const environment = await findEnvironment(ctx.db, environment_id)
  if (!environment) throw new DomainError('not_found', { what: 'environment', id: environment_id })
  authorize(ctx, 'live.read', { project_id: environment.project_id, environment_id })
  return rows(ctx.db, environment_id, { limit, ...(after === undefined ? {} : { after }) })
}
