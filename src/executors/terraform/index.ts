import { planChanges } from '#domain/plan.ts'
import type { OutsideExecutor } from '#executors/contract.ts'
import { applyKept } from './apply-kept.ts'
import type { TerraformBench } from './bench.ts'
import { checkTerraform } from './check-terraform.ts'
import { lookForDrift } from './look-for-drift.ts'
import { makePlan } from './make-plan.ts'
import { openWorkshop, type WorkshopOptions } from './open-session.ts'

/**
 * Releases resources with Terraform or OpenTofu: plans what a revision would change, and applies exactly that plan.
 * A plan reads and can be made again, and what died while it was applied is planned anew from what it left.
 */
export function terraformExecutor(bench: TerraformBench, options: WorkshopOptions = {}): OutsideExecutor {
  const workshop = openWorkshop(bench, options)
  return {
    name: 'terraform',
    scope: 'outside',
    after_loss: 'repeat',
    plan: async (task) => planChanges(task),
    makePlan: (task, tools) => makePlan(workshop, task, tools),
    isCurrent: async ({ environment_id }, kept) =>
      (await bench.state(environment_id)).version === kept.state_version,
    apply: (order, tools) => applyKept(workshop, order, tools),
    run: (order, tools) => (order.kind === 'check' ? checkTerraform : lookForDrift)(workshop, order, tools),
  }
}
