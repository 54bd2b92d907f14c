import { after, before, type TestContext } from 'node:test'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { updateEnvironment } from '#app/environments/update-environment.ts'
import type { Context } from '#app/context.ts'
import type { Engine } from '#engine/start-engine.ts'
import { ask, type Terms } from './orders.ts'
import { shelfExecutor } from './shelf-executor.ts'
import { reached } from './wait-for.ts'
import { hire, warehouse, type Warehouse } from './warehouse.ts'

export interface Careful {
  /** Its first environment is the test's own. */
  house: Warehouse
  /** A second approver. */
  another: Context
  sweep(): Promise<void>
  /** Ends the work, and begins it anew. */
  stop(): Promise<void>
  start(): Promise<void>
}

/** One house for the tests of a file, in which each has an environment of its own that wants approvals. */
export function carefulHouse(environments = 12): (approvals_needed?: number) => Promise<Careful> {
  let shared: Warehouse
  let engine: Engine
  let another: Context
  let close: () => Promise<void> | void
  const start = async () => {
    engine = await shared.start([shelfExecutor()])
  }
  before(async () => {
    const t = { after: (hook: typeof close) => (close = hook) } as unknown as TestContext
    shared = await warehouse(t, { environments })
    another = await hire(shared.ctx, 'approver', shared.project.id)
    await start()
  })
  after(() => close())
  let used = 0
  return async (approvals_needed = 1) => {
    const environment = shared.environments[used]
    if (!environment) throw new Error('more tests than environments')
    used += 1
    const house = { ...shared, environment }
    await requireApprovals(house, approvals_needed)
    return { house, another, sweep: () => engine.sweep(), stop: () => shared.stop(), start }
  }
}

export async function requireApprovals(
  { ctx, project, environment }: Warehouse,
  approvals_needed: number,
): Promise<void> {
  await updateEnvironment(ctx, {
    ...{ project_id: project.id, environment_id: environment.id },
    ...{ approvals_needed, approval_timeout_seconds: 3600 },
  })
}

/** Asks for a deployment of these items and waits until it waits for approval. */
export async function awaiting(house: Warehouse, items: Record<string, string | null>, terms: Terms = {}) {
  const { id } = await ask(house, (await house.release(items)).id, terms)
  await reached(house.ctx, id, 'awaiting_approval')
  const view = await getDeployment(house.ctx, { deployment_id: id })
  return { id, deployment_id: id, plan_digest: view.plan_digest!, view }
}
