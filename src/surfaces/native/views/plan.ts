import type { Plan } from '#api/plan.ts'
import type { PlanEffect } from '#api/plan-effect.ts'
import { effectsWithPlan, type PlanView } from '#app/deployments/get-plan.ts'
import { showId } from '#domain/ids.ts'
import { shown } from './shown.ts'

export function viewPlan(plan: PlanView): Plan {
  const { digest, stale, needs_approval, counts, irreversible, faults, warnings, conflicts, changes } = plan
  return {
    id: showId('plan', plan.id),
    digest,
    environment_id: showId('environment', plan.environment_id),
    release_id: showId('release', plan.release_id),
    revision_id: showId('revision', plan.revision_id),
    deployment_id: shown('deployment', plan.deployment_id),
    rolls_back: shown('deployment', plan.rolls_back),
    ...{ stale, counts, irreversible, faults, warnings, conflicts, changes, needs_approval },
    effects: plan.effects.slice(0, effectsWithPlan).map(viewPlanEffect),
    effects_next: plan.effects.length > effectsWithPlan ? String(effectsWithPlan) : null,
    created_at: plan.created_at.toISOString(),
  }
}

export function viewPlanEffect({
  item_key,
  address,
  action,
  attributes,
}: PlanView['effects'][number]): PlanEffect {
  return { item_key, address, action, attributes }
}
