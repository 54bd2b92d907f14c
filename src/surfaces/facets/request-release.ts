import { deployPlan } from '#app/deployments/deploy-plan.ts'
import { requestInfraDeployment } from '#app/infra/request-infra-deployment.ts'
import { tellRelease } from '#app/infra/tell-releases.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import type { Place } from './find-place.ts'
import { readRelease } from './find-release.ts'
import type { ResourceName } from './read-resources.ts'
import type { Call } from './route.ts'
import { planTypes, releaseTypeOf } from './translate/release-type.ts'
import { writeLog } from './translate/deployment-log.ts'
import type { DeploymentLog } from './wire/deployment.ts'
import { backNote, typeNote, type ReleaseType } from './words.ts'

/** What is asked for, whichever endpoint it came by. */
export interface Wanted {
  type: ReleaseType
  refresh: boolean
  force: boolean
  allow_destroy: boolean
  can_queue: boolean
  comment?: string | undefined
  trace_id?: string | undefined
  /** Only these. */
  resources?: readonly ResourceName[]
  /** The log of the plan that is applied. */
  plan?: string | undefined
  /** What the plan, or whatever else the request names, is called in the request. */
  field?: string
}

type Asking = Pick<Call, 'ctx'>
type Trigger = (call: Asking, place: Place, wanted: Wanted) => Promise<{ id: string }>

const nothingRuns = 'Headgate runs no commands that come over the wire'
const scaling = 'environments are not scaled by releases: put it into the blueprint'

/** How each type is asked for; a text says why it cannot be. */
const triggers: Record<ReleaseType, Trigger | string> = {
  RELEASE: whole,
  LAUNCH: whole,
  HOTFIX: selective,
  PLAN: (call, place, wanted) => whole(call, place, wanted, { dry_run: true }),
  HOTFIX_PLAN: (call, place, wanted) => selective(call, place, wanted, { dry_run: true }),
  APPLY_PLAN: ofPlan,
  APPLY_HOTFIX_PLAN: ofPlan,
  APPLY_ROLLBACK_PLAN: ofPlan,
  DESTROY: (call, place, wanted) => whole(call, place, wanted, { destroy_all: true }),
  PLAN_AND_APPLY: whole,
  HOTFIX_PLAN_AND_APPLY: selective,
  // Asked for by endpoints of their own, or by `releaseType` of a request, which read what they need.
  ROLLBACK_PLAN: 'needs the release and the resource that are rolled back',
  UNLOCK_STATE: 'needs the lockId',
  CUSTOM: nothingRuns,
  SCALE_UP: scaling,
  SCALE_DOWN: scaling,
  MAINTENANCE: 'there are no migration scripts of modules',
  TERRAFORM_EXPORT: 'the generated configuration belongs to Headgate’s own runner',
  IMPORT_RELEASE: 'what exists already is not imported by a release',
}

/**
 * Asks for a release and says how it stands: in progress where the runner is free. A busy cluster refuses, unless it may
 * queue (section 3). Throws `invalid`, `blocked`, `forbidden`, `not_found`.
 */
export async function requestRelease(call: Asking, place: Place, wanted: Wanted): Promise<DeploymentLog> {
  const trigger = triggers[wanted.type]
  if (typeof trigger === 'string') throw invalidField('releaseType', 'invalid', `${wanted.type}: ${trigger}`)
  const { id } = await trigger(call, place, wanted)
  return answerLog(call, place, id)
}

/** The log of a deployment that was just made. */
export async function answerLog({ ctx }: Asking, place: Place, id: string): Promise<DeploymentLog> {
  const { project_id, environment_id } = place
  return writeLog(await tellRelease(ctx, { project_id, environment_id, deployment_id: id, called: id }))
}

/** In our words. */
function termsOf({ type, refresh, force, allow_destroy, can_queue, comment, trace_id }: Wanted) {
  return {
    ...{ refresh, forced: force, allow_destroy },
    when_busy: can_queue ? ('wait' as const) : ('refuse' as const),
    when_shut: 'refuse' as const,
    ...(comment === undefined ? {} : { reason: comment }),
    ...(trace_id === undefined ? {} : { trace_id }),
    annotations: { [typeNote]: type },
  }
}

interface Narrow {
  dry_run?: boolean
  destroy_all?: boolean
}

function whole({ ctx }: Asking, place: Place, wanted: Wanted, narrow: Narrow = {}) {
  const { project_id, environment_id } = place
  return requestInfraDeployment(ctx, { project_id, environment_id, ...termsOf(wanted), ...narrow })
}

function selective({ ctx }: Asking, place: Place, wanted: Wanted, narrow: Narrow = {}) {
  const { project_id, environment_id } = place
  const { resources: select, field = 'resourceList' } = wanted
  if (!select) throw invalidField(field, 'required', 'is required')
  const asked = { project_id, environment_id, select, ...termsOf(wanted), ...narrow }
  return requestInfraDeployment(ctx, asked).catch((error: unknown) => {
    throw inOwnWords(error, field)
  })
}

/** Faults of the selection under the name that the field has in the request. */
function inOwnWords(error: unknown, field: string): unknown {
  if (!(error instanceof DomainError) || error.code !== 'invalid') return error
  const { faults } = (error as DomainError<'invalid'>).details
  const renamed = faults.map((fault) => ({
    ...fault,
    field: fault.field.replace(/^items(?:\.(\d+))?/, (_all, at?: string) => (at ? `${field}[${at}]` : field)),
  }))
  return new DomainError('invalid', { faults: renamed })
}

/** A plan is applied by naming its log (section 2.3). It is applied exactly as it is, or not at all. */
async function ofPlan(call: Asking, place: Place, wanted: Wanted) {
  const { plan: named, type } = wanted
  const field = 'planCodeBuildId'
  if (named === undefined) throw invalidField(field, 'required', 'is required: the id of the plan')
  const { ctx } = call
  const { project_id, environment_id } = place
  const { deployment_id } = await readRelease(call, named)
  const told = await tellRelease(ctx, { project_id, environment_id, deployment_id, called: named })
  const planned = releaseTypeOf(told)
  if (!planTypes.includes(planned) || told.state !== 'planned' || told.plan_id === null)
    throw invalidField(field, 'invalid', `${named} is a ${planned} that is no finished plan`)
  if ((type === 'APPLY_ROLLBACK_PLAN') !== (planned === 'ROLLBACK_PLAN'))
    throw invalidField(field, 'invalid', `${named} is a ${planned}, which ${type} does not apply`)
  const { forced: _forced, ...terms } = termsOf(wanted)
  // As it was planned: neither can be another one afterwards.
  const { [backNote]: back } = told.annotations
  const annotations = { ...terms.annotations, ...(back === undefined ? {} : { [backNote]: back }) }
  const asPlanned = { ...terms, annotations, refresh: told.refresh, allow_destroy: told.allow_destroy }
  return deployPlan(ctx, { project_id, environment_id, plan_id: told.plan_id, ...asPlanned })
}
