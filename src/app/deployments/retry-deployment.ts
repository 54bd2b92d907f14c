import { DomainError } from '#domain/errors.ts'
import { allowedActions } from '#domain/lifecycle.ts'
import { countDeploymentItems, listUndoneKeys } from '#store/deployment-item.ts'
import type { NamedDeployment } from '#store/deployment.ts'
import { authorize, authorizeNamed } from '../authorize.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { holdRelease } from '../releases/release-view.ts'
import { requireReady } from './candidate-for.ts'
import { admitRequest } from './admit-request.ts'
import { remainsOf, placeOfDeployment, requireDeployment, type DeploymentView } from './deployment-view.ts'
import { placeDeployments } from './place-deployments.ts'
import type { DeploymentTerms } from './request-deployments.ts'

export interface RetryRequest extends Pick<
  DeploymentTerms,
  'dry_run' | 'when_busy' | 'when_shut' | 'reason'
> {
  deployment_id: string
}

/**
 * A new deployment of the same revision on the same terms, of those items only that failed, were left or are
 * uncertain; of all that was asked for where it failed before it had a plan. Its author is who retries. What was
 * left as a conflict is not taken up again. Throws `not_found`, `plan_stale` (plan anew), and `not_possible_now` where
 * nothing failed: what was canceled, rejected or expired did nothing, and is asked for anew.
 */
export async function retryDeployment(ctx: Context, request: RetryRequest): Promise<DeploymentView> {
  const { deployment_id, ...changed } = request
  const failed = await requireDeployment(ctx.db, deployment_id)
  const place = placeOfDeployment(failed)
  const action = failed.rolls_back === null ? 'deployment.request' : 'deployment.roll_back'
  authorizeNamed(ctx, action, place, { what: 'deployment', id: deployment_id })
  if (failed.allow_destroy) authorize(ctx, 'deployment.allow_destroy', place)
  if (failed.failure_code === 'plan_stale' && failed.deploys_plan)
    throw new DomainError('plan_stale', { plan_id: failed.deploys_plan })
  const refusal = {
    what: 'deployment',
    id: deployment_id,
    state: failed.state,
    action: 'be retried',
  } as const
  if (!allowedActions(failed.state, remainsOf(failed)).includes('retry'))
    throw new DomainError('not_possible_now', refusal)
  return transact(ctx, async (unit) => {
    const release = await holdRelease(unit.tx, failed.project_id, failed.release_id)
    // What Terraform did it sees by itself, and does not do again: all is asked for once more.
    const whole = release.project_kind === 'infra'
    const selected_keys = whole ? failed.selected_keys : await keysToRetry(unit, failed)
    if (selected_keys?.length === 0) throw new DomainError('not_possible_now', refusal)
    const terms = { ...termsOf(failed), ...changed }
    const asked = {
      ...terms,
      project_id: failed.project_id,
      release_id: release.id,
      environment_ids: [failed.environment_id],
    }
    if (release.project_kind === 'code') await requireReady(unit, failed.revision_id)
    const revision = { id: failed.revision_id, digest: failed.revision_digest, selected_keys }
    const admission = await admitRequest(ctx, unit, release, revision, asked)
    const [deployment] = await placeDeployments(ctx, unit, { release, revision, admission }, terms)
    return deployment!
  })
}

async function keysToRetry({ tx }: Unit, failed: NamedDeployment): Promise<string[] | null> {
  const all = await countDeploymentItems(tx, failed.id)
  if (all === 0) return failed.selected_keys
  const undone = await listUndoneKeys(tx, failed.id)
  return undone.length === all ? failed.selected_keys : undone
}

function termsOf(failed: NamedDeployment): DeploymentTerms {
  const { id, forced, dry_run, on_item_failure, when_busy, when_shut, annotations, rolls_back } = failed
  const kept = { forced, dry_run, on_item_failure, when_busy, when_shut, annotations, retries: id }
  const { refresh, allow_destroy, trace_id, source_commit } = failed
  return {
    ...{ ...kept, refresh, allow_destroy },
    ...(rolls_back === null ? {} : { rolls_back }),
    ...(trace_id === null ? {} : { trace_id }),
    ...(source_commit === null ? {} : { source_commit }),
  }
}
