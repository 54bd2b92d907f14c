import { getDeployment, listDeploymentItems } from '#app/deployments/get-deployment.ts'
import type { DeploymentView } from '#app/deployments/deployment-view.ts'
import { requestDeployments, type DeploymentRequest } from '#app/deployments/request-deployments.ts'
import { listLive } from '#app/live/list-live.ts'
import type { Context } from '#app/context.ts'
import { ended } from './wait-for.ts'
import type { Warehouse } from './warehouse.ts'

export type Terms = Partial<Omit<DeploymentRequest, 'project_id' | 'release_id'>>

/** Asks for a deployment to the first environment, as a releaser. */
export async function ask(
  house: Warehouse,
  release_id: string,
  terms: Terms = {},
  ctx: Context = house.as.releaser,
) {
  const { project, environment } = house
  const target = { project_id: project.id, release_id, environment_ids: [environment.id] }
  const [asked] = await requestDeployments(ctx, { ...target, ...terms })
  return asked!
}

/** Asks for a deployment to the first environment and waits for its end. */
export async function run(house: Warehouse, releaseId: string, terms: Terms = {}): Promise<DeploymentView> {
  const { id } = await ask(house, releaseId, terms)
  await ended(house.ctx, id)
  return getDeployment(house.ctx, { deployment_id: id })
}

/** What became of each item: key, action, before, after, outcome. */
export async function resultsOf({ ctx }: Warehouse, deployment_id: string) {
  const items = await listDeploymentItems(ctx, { deployment_id })
  return items.map((item) => [item.item_key, item.action, item.before, item.after, item.outcome])
}

/** What is live in the first environment, or another: version by key. */
export async function liveOf({ ctx, environment }: Warehouse, environment_id = environment.id) {
  const rows = await listLive(ctx, { environment_id, limit: 1000 })
  return Object.fromEntries(rows.map((row) => [row.item_key, row.version]))
}
