import { resourceKey } from '#domain/blueprint.ts'
import { DomainError } from '#domain/errors.ts'
import { findDeployment } from '#store/deployment.ts'
import { listLiveForRevision } from '#store/live.ts'
import { findRevisionById } from '#store/revision.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import type { DeploymentView } from '../deployments/deployment-view.ts'
import type { DeploymentTerms } from '../deployments/request-deployments.ts'
import { holdLine } from './line-of-releases.ts'
import { overlaid } from './put-back-infra.ts'
import { pinAsItWas } from './pin-as-it-was.ts'
import { placeInfra, type ResourceName } from './request-infra-deployment.ts'

export interface ResourceRollback
  extends
    ResourceName,
    Pick<
      DeploymentTerms,
      'reason' | 'annotations' | 'when_busy' | 'when_shut' | 'refresh' | 'allow_destroy' | 'trace_id'
    > {
  project_id: string
  environment_id: string
  /** The resource is put back to what this deployment brought. */
  deployment_id: string
}

/**
 * Plans one resource as an older deployment left it, all others as they are live, and changes nothing: the plan can be
 * deployed as it is. Throws `not_found` (the deployment; the resource, where it did not have it), `not_possible_now`
 * where it did not come so far, `blocked`, `forbidden`.
 */
export async function planRollbackOfResource(
  ctx: Context,
  { project_id, environment_id, deployment_id, type, name, ...terms }: ResourceRollback,
): Promise<DeploymentView> {
  const here = { project_id, environment_id }
  authorize(ctx, 'deployment.roll_back', here)
  if (terms.allow_destroy) authorize(ctx, 'deployment.allow_destroy', here)
  const then = await findDeployment(ctx.db, deployment_id)
  if (then?.environment_id !== environment_id || then.project_id !== project_id)
    throw new DomainError('not_found', { what: 'deployment', id: deployment_id })
  if (then.state !== 'succeeded' && then.state !== 'unchanged')
    throw new DomainError('not_possible_now', {
      ...{ what: 'deployment', id: deployment_id, state: then.state },
      action: 'be gone back to',
    })
  const key = resourceKey(type, name)
  const revision = await findRevisionById(ctx.db, then.revision_id)
  const reached = then.selected_keys === null || then.selected_keys.includes(key)
  const item = reached ? revision?.items.find((one) => one.key === key) : undefined
  if (!item) throw new DomainError('not_found', { what: 'resource', id: key })
  return transact(ctx, async (unit) => {
    const line = await holdLine(ctx, unit, { id: environment_id, project_id, name: then.environment_name })
    const live = await listLiveForRevision(unit.tx, environment_id, then.revision_id, 'whole_state')
    const pinned = await pinAsItWas(ctx, unit, line, overlaid(live, [item]))
    const place = { ...here, line, revision: { ...pinned, selected_keys: [key] }, findings: [] }
    return placeInfra(ctx, unit, place, { ...terms, dry_run: true })
  })
}
