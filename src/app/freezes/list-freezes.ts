import { DomainError } from '#domain/errors.ts'
import { listFreezes as rows, type FreezeFilter } from '#store/freeze.ts'
import { authorize, authorizeNamed } from '../authorize.ts'
import type { Context } from '../context.ts'
import { requireFreeze, viewFreeze, type FreezeView } from './freeze-view.ts'
import { placeOfFreeze } from './lift-freeze.ts'

/**
 * Newest first, after `before`: those of an environment and of its whole project, or all of a project's. Who is bound
 * to environments sees those of no other.
 */
export async function listFreezes(
  ctx: Context,
  { limit, before, ...filter }: Omit<FreezeFilter, 'environment_ids'> & { limit: number; before?: string },
): Promise<FreezeView[]> {
  const { project_id, environment_id } = filter
  authorize(ctx, 'project.read', { project_id, ...(environment_id === undefined ? {} : { environment_id }) })
  const { environment_ids } = ctx.principal ?? {}
  const seen = { ...filter, ...(environment_ids && { environment_ids }) }
  const found = await rows(ctx.db, seen, { limit, ...(before === undefined ? {} : { before }) })
  const now = ctx.now()
  return found.map((row) => viewFreeze(row, now))
}

/** Throws `not_found`. */
export async function getFreeze(
  ctx: Context,
  { project_id, freeze_id }: { project_id: string; freeze_id: string },
): Promise<FreezeView> {
  const freeze = await requireFreeze(ctx.db, freeze_id)
  const named = { what: 'freeze' as const, id: freeze_id }
  if (freeze.project_id !== project_id) throw new DomainError('not_found', named)
  authorizeNamed(ctx, 'project.read', placeOfFreeze(freeze), named)
  return viewFreeze(freeze, ctx.now())
}
