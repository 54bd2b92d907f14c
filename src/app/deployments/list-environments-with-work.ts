import { listEnvironmentsWithWork as rows } from '#store/deployment.ts'
import type { Context } from '../context.ts'

/** Where the engine has something to do: woken at its start, whatever became of the jobs that said so. */
export function listEnvironmentsWithWork(ctx: Context): Promise<string[]> {
  return rows(ctx.db)
}
