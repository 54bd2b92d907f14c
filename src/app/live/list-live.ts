import { DomainError } from '#domain/errors.ts'
import { findEnvironment } from '#store/environment.ts'
import { listLive as rows, type LiveFilter, type LiveRow } from '#store/live.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'

export interface LivePage extends Omit<LiveFilter, 'branches'> {
  environment_id: string
  limit: number
  after?: string | undefined
}

/**
 * What an environment is at, item by item, by key, after a key. Who is bound to branches sees only what belongs to
 * them. Throws `not_found`.
 */
export async function listLive(
  ctx: Context,
  { environment_id, limit, after, ...filter }: LivePage,
): Promise<LiveRow[]> {
  const environment = await findEnvironment(ctx.db, environment_id)
  if (!environment) throw new DomainError('not_found', { what: 'environment', id: environment_id })
  authorize(ctx, 'live.read', { project_id: environment.project_id, environment_id })
  const branches = ctx.principal?.branches ?? undefined
  return rows(ctx.db, environment_id, { ...filter, branches }, { limit, after })
}
