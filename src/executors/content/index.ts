import { warnOfOlder } from '#catalogue/content/older-versions.ts'
import { checkPublication } from '#catalogue/content/plan-publication.ts'
import { publish, type ContentStore } from '#catalogue/content/publish.ts'
import { planChanges } from '#domain/plan.ts'
import type { StoreExecutor } from '#executors/contract.ts'

/**
 * Publishes entries and assets: changes nothing but our own store, in the transaction that records what it did, so
 * that after a loss it is simply done again.
 */
export const contentExecutor: StoreExecutor<ContentStore> = {
  name: 'content',
  scope: 'store',
  after_loss: 'repeat',

  async plan(db, { project_id, ...task }) {
    const changes = await checkPublication(db, project_id, planChanges(task), task.restores)
    // Who puts something back means the older one.
    return task.restores ? changes : warnOfOlder(db, project_id, changes)
  },

  apply: (tx, { project_id, environment_id, deployment_id, requested_by }, { plan_id, at }) =>
    publish(tx, { plan_id, project_id, environment_id, deployment_id, by: requested_by, at }),
}
