import { addInBulk } from '#app/bulk/add-in-bulk.ts'
import { getBulkJob } from '#app/bulk/get-bulk-job.ts'
import { listBulkJobItems } from '#app/bulk/list-bulk-job-items.ts'
import { listBulkTasks } from '#app/bulk/list-bulk-tasks.ts'
import { publishInBulk } from '#app/bulk/publish-in-bulk.ts'
import { refreshInBulk } from '#app/bulk/refresh-in-bulk.ts'
import { removeInBulk } from '#app/bulk/remove-in-bulk.ts'
import type { Context } from '#app/context.ts'
import { requestOneShot } from '#app/deployments/request-one-shot.ts'
import { getQueueRow } from '#app/publish-queue/get-queue-row.ts'
import { listQueue } from '#app/publish-queue/list-queue.ts'
import { unscheduleRow } from '#app/publish-queue/unschedule-row.ts'
import { here, type Attempt } from './attempt.ts'
import type { World } from './world.ts'

const branch = 'main'
const how = { with_references: true, locales: [], most: 500 }
const page = { limit: 1, offset: 0 }

/** A job about a release. */
const job = {
  prepare: async (ctx: Context, { project_id, release_id }: World) =>
    (await addInBulk(ctx, { project_id, release_id, items: [], ...how })).job_id,
}

/** The request of one that waits for its time, by this user. */
const scheduled = (own: boolean) => ({
  prepare: async (
    ctx: Context,
    { project_id, environment_id }: World,
    { user_id }: { user_id: string | null },
  ) => {
    const due_at = new Date(ctx.now().getTime() + 3_600_000)
    const items = [{ key: 'main/blt1/en-us', action: 'publish' as const }]
    const [made] = await requestOneShot(ctx, {
      ...{ project_id, branch, environment_ids: [environment_id], items, due_at },
    })
    const requested_by = own ? user_id : null
    await ctx.db.updateTable('deployment').set({ requested_by }).where('id', '=', made!.id).execute()
    return made!.id
  },
})

async function unschedule(ctx: Context, { project_id }: World, deployment_id: string) {
  const { number } = await ctx.db
    .selectFrom('deployment')
    .select('number')
    .where('id', '=', deployment_id)
    .executeTakeFirstOrThrow()
  return unscheduleRow(ctx, { project_id, branch, number, position: 1 })
}

/** What is done to many items at once, and the publish queue. */
export const bulkAttempts: readonly Attempt[] = [
  here('release.edit', 'add items in bulk', (ctx, { project_id, release_id }) =>
    addInBulk(ctx, { project_id, release_id, items: [], ...how }),
  ),
  here('release.edit', 'refresh items in bulk', (ctx, { project_id, release_id }) =>
    refreshInBulk(ctx, { project_id, release_id, keys: 'all', ...how }),
  ),
  here('deployment.request', 'publish in bulk', (ctx, { project_id, environment_id }) =>
    publishInBulk(ctx, {
      ...{ project_id, branch, action: 'publish', locales: [], with_references: true },
      ...{ environment_ids: [environment_id], items: [{ uid: 'blt1', locale: 'en-us' }] },
    }),
  ),
  here('catalogue.edit', 'delete in bulk', (ctx, { project_id }) =>
    removeInBulk(ctx, { project_id, branch, entries: [], assets: [{ uid: 'none' }] }),
  ),
  here('release.read', 'list bulk tasks', (ctx, { project_id }) =>
    listBulkTasks(ctx, { project_id, branch, ...page, with_total: false }),
  ),
  here(
    'release.read',
    'read a job',
    (ctx, { project_id }, job_id) => getBulkJob(ctx, { project_id, branch, job_id }),
    job,
  ),
  here(
    'release.read',
    'list a job’s items',
    (ctx, { project_id }, job_id) =>
      listBulkJobItems(ctx, { project_id, branch, job_id, ...page, with_reached: true }),
    job,
  ),
  here('deployment.read', 'list the queue', (ctx, { project_id }) =>
    listQueue(ctx, { project_id, branch, ...page }),
  ),
  here('deployment.read', 'read a row of it', (ctx, { project_id }) =>
    getQueueRow(ctx, { project_id, branch, number: 1, position: 0 }),
  ),
  here('deployment.cancel_own', 'unschedule one’s own', unschedule, {
    ...scheduled(true),
    or: 'deployment.cancel_any',
    needs: ['deployment.read'],
  }),
  here('deployment.cancel_any', 'unschedule another’s', unschedule, {
    ...scheduled(false),
    needs: ['deployment.read'],
  }),
]
