import type { DeploymentsOf } from '#store/deployment-page.ts'
import { listDeploymentHeads, pageDeployments as page, type DeploymentHead } from '#store/deployment-page.ts'
import { listDeploymentsById } from '#store/deployment.ts'
import type { EachPage } from '#store/page-each.ts'
import { allows } from '../authorize.ts'
import type { Context } from '../context.ts'
import { placeOfDeployment, viewDeployments, type DeploymentView } from './deployment-view.ts'

export type { DeploymentHead }

/** A page of the deployments of each of these revisions, or to each of these environments, that the caller may see. */
export async function pageDeployments(
  ctx: Context,
  { of, ...within }: { of: Omit<DeploymentsOf, 'bound_to'> } & EachPage<string>,
): Promise<DeploymentHead[]> {
  const bound_to = ctx.principal?.environment_ids ?? undefined
  return seen(ctx, await page(ctx.db, { ...of, bound_to }, within))
}

/** Those of these deployments that the caller may see, in no order. */
export async function listDeploymentHeadsById(
  ctx: Context,
  ids: readonly string[],
): Promise<DeploymentHead[]> {
  return seen(ctx, await listDeploymentHeads(ctx.db, ids))
}

/** The same with why each goes no further and what can be done about it, in a constant number of statements. */
export async function explainDeployments(ctx: Context, ids: readonly string[]): Promise<DeploymentView[]> {
  const rows = seen(ctx, await listDeploymentsById(ctx.db, ids))
  return viewDeployments(ctx.db, rows, ctx.now())
}

function seen<Row extends Parameters<typeof placeOfDeployment>[0]>(ctx: Context, rows: Row[]): Row[] {
  return rows.filter((row) => allows(ctx, 'deployment.read', placeOfDeployment(row)))
}
