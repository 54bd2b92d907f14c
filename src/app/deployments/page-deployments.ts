import { listDeploymentsById as byId, type NamedDeployment } from '#store/deployment.ts'
import { pageDeployments as page } from '#store/deployment-page.ts'
import type { EachPage } from '#store/page-each.ts'
import { allows } from '../authorize.ts'
import type { Context } from '../context.ts'
import { placeOfDeployment, viewDeployments, type DeploymentView } from './deployment-view.ts'

/** A deployment before its gates were asked. */
export type DeploymentHead = NamedDeployment

/** A page of the deployments of each of these revisions, or to each of these environments, that the caller may see. */
export async function pageDeployments(
  ctx: Context,
  {
    of,
    ...within
  }: { of: { environment_ids: readonly string[] } | { revision_ids: readonly string[] } } & EachPage<string>,
): Promise<DeploymentHead[]> {
  const bound_to = ctx.principal?.environment_ids ?? undefined
  return seen(ctx, await page(ctx.db, { ...of, bound_to }, within))
}

/** Those of these deployments that the caller may see, in no order. */
export async function listDeploymentsById(ctx: Context, ids: readonly string[]): Promise<DeploymentHead[]> {
  return seen(ctx, await byId(ctx.db, ids))
}

/** Why each of these goes no further, in a constant number of statements; of deployments that the caller was given. */
export function explainDeployments(
  ctx: Context,
  heads: readonly DeploymentHead[],
): Promise<DeploymentView[]> {
  return viewDeployments(ctx.db, seen(ctx, heads), ctx.now())
}

function seen(ctx: Context, rows: readonly NamedDeployment[]): NamedDeployment[] {
  return rows.filter((row) => allows(ctx, 'deployment.read', placeOfDeployment(row)))
}
