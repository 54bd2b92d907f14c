import type { Context } from '#app/context.ts'
import type { WorkInHand } from '#app/deployments/claim-deployment.ts'
import { openSettings } from '#app/dispatches/executor-settings.ts'
import type { Task } from '#executors/contract.ts'

/** What an executor that acts outside is asked to plan, its secrets open. */
export function taskOf(ctx: Context, { task, environment_id, executor_settings }: WorkInHand): Task {
  return { ...task, settings: openSettings(ctx.vault, environment_id, executor_settings) }
}
