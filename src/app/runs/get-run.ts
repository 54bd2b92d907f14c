import { listRuns as rows, type RunFilter } from '#store/run.ts'
import { authorize, authorizeNamed } from '../authorize.ts'
import type { Context } from '../context.ts'
import { placeOfRun, requireRun, viewRun, type RunView } from './run-view.ts'

/** Throws `not_found`. */
export async function getRun(ctx: Context, { run_id }: { run_id: string }): Promise<RunView> {
  const run = await requireRun(ctx.db, run_id)
  authorizeNamed(ctx, 'run.read', placeOfRun(run), { what: 'run', id: run_id })
  return viewRun(run)
}

/** Newest first, after `before`; those in other environments than the caller's are left out. */
export async function listRuns(
  ctx: Context,
  { limit, before, ...filter }: Omit<RunFilter, 'environment_ids'> & { limit: number; before?: string },
): Promise<RunView[]> {
  const { project_id, environment_id } = filter
  authorize(ctx, 'run.read', { project_id, ...(environment_id ? { environment_id } : {}) })
  const { environment_ids } = ctx.principal ?? {}
  const seen = { ...filter, ...(environment_ids && { environment_ids }) }
  const found = await rows(ctx.db, seen, { limit, ...(before === undefined ? {} : { before }) })
  return found.map(viewRun)
}
