import type { Plan } from '#api/deployment.ts'
import type { PlanView } from '#app/deployments/get-plan.ts'
import { showId } from '#domain/ids.ts'
import { shown } from './shown.ts'

export function viewPlan(plan: PlanView): Plan {
  const { digest, stale, counts, irreversible, faults, warnings, conflicts, changes } = plan
  return {
    id: showId('plan', plan.id),
    digest,
    environment_id: showId('environment', plan.environment_id),
    release_id: showId('release', plan.release_id),
    revision_id: showId('revision', plan.revision_id),
    deployment_id: shown('deployment', plan.deployment_id),
    rolls_back: shown('deployment', plan.rolls_back),
    ...{ stale, counts, irreversible, faults, warnings, conflicts, changes },
    created_at: plan.created_at.toISOString(),
  }
}
