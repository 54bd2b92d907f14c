import type { Context } from '#app/context.ts'
import { openSettings } from '#app/dispatches/executor-settings.ts'
import type { Taken } from '#app/dispatches/take-dispatch.ts'
import type { Order } from '#executors/contract.ts'

/** What an executor is told, its secrets open. Items that cannot be done, or are to be left, are not named. */
export function orderOf(ctx: Context, { work, dispatch }: Taken): Order {
  const { environment, plan } = work
  return {
    dispatch_id: dispatch.id,
    kind: work.kind,
    subject_id: work.id,
    attempt: work.attempt,
    project: work.project,
    environment,
    release: work.release,
    revision: work.revision,
    requested_by: work.requested_by,
    plan: plan && { id: plan.id, digest: plan.digest, kept: plan.kept },
    changes: plan?.changes.filter(({ fault, conflict }) => !fault && !conflict) ?? [],
    candidate: work.candidate,
    number: work.number,
    input: work.input,
    // A run without an environment is its project's own: a build.
    settings: openSettings(ctx.vault, environment?.id ?? work.project.id, dispatch.settings),
    progress: dispatch.progress,
    outside_id: dispatch.outside_id,
    deadline_at: dispatch.deadline_at,
  }
}
