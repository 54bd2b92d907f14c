import { DomainError } from '#domain/errors.ts'
import { findToldDeployment, listToldDeployments, type ToldDeployment } from '#store/deployment-told.ts'
import { authorize, authorizeNamed } from '../authorize.ts'
import type { Context } from '../context.ts'
import { placeOfDeployment, requireDeployment } from './deployment-view.ts'

export type { ToldDeployment }

/** Deployments to an environment of code, newest first, without dry runs. */
export async function tellDeployments(
  ctx: Context,
  {
    project_id,
    environment_id,
    ...page
  }: { project_id: string; environment_id: string; limit: number; offset: number },
): Promise<ToldDeployment[]> {
  authorize(ctx, 'deployment.read', { project_id, environment_id })
  return listToldDeployments(ctx.db, { project_id, environment_id }, page)
}

/** Throws `not_found`. */
export async function tellDeployment(
  ctx: Context,
  { deployment_id }: { deployment_id: string },
): Promise<ToldDeployment> {
  const named = { what: 'deployment' as const, id: deployment_id }
  const place = placeOfDeployment(await requireDeployment(ctx.db, deployment_id))
  authorizeNamed(ctx, 'deployment.read', place, named)
  const told = await findToldDeployment(ctx.db, deployment_id)
  if (!told) throw new DomainError('not_found', named)
  return told
}
