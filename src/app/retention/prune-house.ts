import { claimChore } from '#store/chore.ts'
import type { Context } from '../context.ts'
import { dayMs, type RetentionPolicy } from './policy.ts'
import { pruneBulkJobs } from './prune-bulk-jobs.ts'
import { pruneDrift } from './prune-drift.ts'
import { pruneEvents } from './prune-events.ts'
import { pruneKeptPlans } from './prune-kept-plans.ts'
import { pruneLogs } from './prune-logs.ts'
import { pruneModules } from './prune-modules.ts'
import { pruneSessions } from './prune-sessions.ts'

/** Rows that went, by what they were. */
export type Pruned = Record<string, number>

/**
 * Once a day, in one of all processes: what is older than the policy goes, some rows at a time. Undefined when it was
 * done less than a day ago.
 */
export async function pruneHouse(
  ctx: Context,
  policy: RetentionPolicy,
  stopping?: AbortSignal,
): Promise<Pruned | undefined> {
  const now = ctx.now()
  if (!(await claimChore(ctx.db, 'prune', now, new Date(now.getTime() - dayMs)))) return undefined
  return {
    events: policy.events === null ? 0 : await pruneEvents(ctx, policy.events, stopping),
    sessions: policy.sessions === null ? 0 : await pruneSessions(ctx, policy.sessions, stopping),
    logs: policy.logs === null ? 0 : await pruneLogs(ctx, policy.logs, stopping),
    bulk_jobs: await pruneBulkJobs(ctx, stopping),
    drift: await pruneDrift(ctx, stopping),
    kept_plans: await pruneKeptPlans(ctx, stopping),
    modules: await pruneModules(ctx, stopping),
  }
}
