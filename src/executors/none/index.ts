import { planChanges } from '#domain/plan.ts'
import type { StoreExecutor } from '#executors/contract.ts'

/**
 * Of environments that their callers deploy to: they report what they did, and nothing is applied here. It plans, so
 * that dry runs say what would change.
 */
export const noExecutor: StoreExecutor = {
  name: 'none',
  scope: 'store',
  after_loss: 'repeat',
  plan: async (_db, task) => planChanges(task),
  apply: async () => {
    throw new Error('an environment that its callers deploy to was to be applied by the engine')
  },
}
