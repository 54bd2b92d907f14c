import type { QueueRow } from '#app/publish-queue/list-queue.ts'
import { uidsOf } from './names.ts'
import type { StackCall } from './route.ts'
import type { QueueNames } from './translate/queue-row.ts'

interface Named {
  environment_ids: readonly string[]
  requested_by: string | null
  release_id: string | null
}

/** The vendor's ids of all that rows, and a job, name: one query at most for each kind. */
export async function queueNames(
  { ctx, api_key }: StackCall,
  rows: readonly QueueRow[],
  job?: Named,
): Promise<QueueNames> {
  const [environments, users, releases] = await Promise.all([
    uidsOf(ctx, 'environment', [
      ...rows.map(({ environment_id }) => environment_id),
      ...(job?.environment_ids ?? []),
    ]),
    uidsOf(ctx, 'user', [...rows.map(({ requested_by }) => requested_by), job?.requested_by ?? null]),
    // One-shot releases are nobody's to name.
    uidsOf(ctx, 'release', [
      ...rows.map(({ one_shot, release_id }) => (one_shot ? null : release_id)),
      job?.release_id ?? null,
    ]),
  ])
  return { api_key, environments, users, releases }
}
