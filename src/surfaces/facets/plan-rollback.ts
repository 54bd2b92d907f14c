import { planRollbackOfResource } from '#app/infra/plan-rollback-of-resource.ts'
import type { Place } from './find-place.ts'
import { idOf } from './ids.ts'
import type { ResourceName } from './read-resources.ts'
import { answerLog } from './request-release.ts'
import type { Call } from './route.ts'
import type { DeploymentLog } from './wire/deployment.ts'
import { backNote, typeNote } from './words.ts'

/** What else a request for it may say. */
export interface RollbackTerms {
  refresh?: boolean
  allow_destroy?: boolean
  can_queue?: boolean
  comment?: string | undefined
  trace_id?: string | undefined
}

/**
 * Plans one resource as a release left it, and changes nothing; the plan is applied by APPLY_ROLLBACK_PLAN. Throws
 * `not_found`, `not_possible_now` where that release never came so far, `blocked`.
 */
export async function planRollback(
  call: Pick<Call, 'ctx'>,
  place: Place,
  deployment_id: string,
  { type, name }: ResourceName,
  { refresh = true, allow_destroy = false, can_queue = false, comment, trace_id }: RollbackTerms = {},
): Promise<DeploymentLog> {
  const { project_id, environment_id } = place
  const { id } = await planRollbackOfResource(call.ctx, {
    ...{ project_id, environment_id, deployment_id, type, name, refresh, allow_destroy },
    when_busy: can_queue ? 'wait' : 'refuse',
    when_shut: 'refuse',
    ...(comment === undefined ? {} : { reason: comment }),
    ...(trace_id === undefined ? {} : { trace_id }),
    annotations: { [typeNote]: 'ROLLBACK_PLAN', [backNote]: idOf(deployment_id) },
  })
  return answerLog(call, place, id)
}
