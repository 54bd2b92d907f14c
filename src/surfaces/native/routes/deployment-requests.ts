import { Type, type Static } from 'typebox'
import {
  Deployment,
  DeploymentRequest,
  RequestedDeployment,
  RetryRequest,
  Rollback,
  RollbackRequest,
} from '#api/deployment.ts'
import { ref } from '#api/schema.ts'
import type { Context } from '#app/context.ts'
import { deployPlan } from '#app/deployments/deploy-plan.ts'
import type { DeploymentView } from '#app/deployments/deployment-view.ts'
import { listRequestWarnings } from '#app/deployments/list-request-warnings.ts'
import { requestDeployments } from '#app/deployments/request-deployments.ts'
import { requestRollback } from '#app/deployments/request-rollback.ts'
import { retryDeployment } from '#app/deployments/retry-deployment.ts'
import { requestInfraDeployment, type ResourceName } from '#app/infra/request-infra-deployment.ts'
import { DomainError, type FieldFault } from '#domain/errors.ts'
import { callerOf } from '../caller.ts'
import { environmentAt, idField, idIn, timeField } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewDeployment } from '../views/deployment.ts'
import { ById, ByKeyAndName } from './params.ts'

const tags = ['deployments']
const environment = `${root}/projects/:key/environments/:name`

export function deploymentRequestRoutes(server: NativeServer): void {
  server.post(
    `${environment}/deployments`,
    {
      schema: {
        tags,
        summary: 'Deploy a release, or a stored plan exactly as it is',
        params: ByKeyAndName,
        body: DeploymentRequest,
        response: { 201: ref(RequestedDeployment) },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { id, project_id } = await environmentAt(ctx, request.params)
      const asked = await deploy(ctx, { project_id, environment_id: id }, request.body)
      const warnings = (await listRequestWarnings(ctx, asked)).map((row) => ({
        ...row,
        code: 'older_than_live' as const,
      }))
      const made = { ...viewDeployment(asked), warnings }
      return reply.code(201).header('location', `${root}/deployments/${made.id}`).send(made)
    },
  )

  server.post(
    `${environment}/rollback`,
    {
      schema: {
        tags,
        summary: 'Put a deployment back: the newest that did something, or the named one',
        params: ByKeyAndName,
        body: Type.Optional(RollbackRequest),
        response: { 201: Rollback },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { id: environment_id } = await environmentAt(ctx, request.params)
      const { deployment: which, candidate: version, ...asked } = request.body ?? {}
      const deployment_id = which && idField('deployment', 'deployment', which)
      const { deployment, conflicts } = await requestRollback(ctx, {
        environment_id,
        ...{ deployment_id, ...(version === undefined ? {} : { version }) },
        ...termsOf(asked),
      })
      const made = viewDeployment(deployment)
      const location = `${root}/deployments/${made.id}`
      return reply.code(201).header('location', location).send({ deployment: made, conflicts })
    },
  )

  server.post(
    `${root}/deployments/:id/retry`,
    {
      schema: {
        tags,
        summary: 'Try again what failed, was left, or is uncertain: a new deployment of the same revision',
        params: ById,
        body: Type.Optional(RetryRequest),
        response: { 201: ref(Deployment) },
      },
    },
    async (request, reply) => {
      const deployment_id = idIn('deployment', request.params.id)
      const retried = await retryDeployment(callerOf(request), { deployment_id, ...request.body })
      const made = viewDeployment(retried)
      return reply.code(201).header('location', `${root}/deployments/${made.id}`).send(made)
    },
  )
}

/** When, in our own words. */
function termsOf<T extends Pick<Static<typeof DeploymentRequest>, 'scheduled_at' | 'misfire'>>({
  scheduled_at,
  misfire,
  ...rest
}: T) {
  return {
    ...rest,
    ...(scheduled_at !== undefined && { due_at: timeField('scheduled_at', scheduled_at) }),
    ...(misfire && { misfire: { late_by_at_most_seconds: null, ...misfire } }),
  }
}

type Where = { project_id: string; environment_id: string }

/** One of both is named; of infrastructure neither. A plan has its own items, and whether it was forced is part of it. */
async function deploy(
  ctx: Context,
  { project_id, environment_id }: Where,
  { release, plan, revision, items, force, ...rest }: Static<typeof DeploymentRequest>,
): Promise<DeploymentView> {
  const { refresh, allow_destroy, destroy_all, ...more } = rest
  const terms = termsOf(more)
  if (plan !== undefined) {
    refuseBeside({ release, revision, items, force, refresh, allow_destroy, destroy_all }, 'plan')
    const plan_id = idField('plan', 'plan', plan)
    return deployPlan(ctx, { project_id, environment_id, plan_id, ...terms })
  }
  if (release === undefined) {
    const { on_item_failure, ...asked } = terms
    refuseBeside({ on_item_failure }, 'blueprint')
    const select = items && { select: items.map(resourceOf) }
    const own = { refresh, allow_destroy, destroy_all, forced: force, revision }
    return requestInfraDeployment(ctx, { project_id, environment_id, ...asked, ...own, ...select })
  }
  refuseBeside({ refresh, allow_destroy, destroy_all }, 'release')
  const release_id = idField('release', 'release', release)
  const [deployment] = await requestDeployments(ctx, {
    ...{ project_id, release_id, environment_ids: [environment_id], forced: force, revision, ...terms },
    ...(items && { select_keys: items }),
  })
  return deployment!
}

/** `service/api` is the service api. What has no slash is none, and is told so where it is looked for. */
function resourceOf(key: string): ResourceName {
  const at = key.indexOf('/')
  return at < 0 ? { type: key, name: '' } : { type: key.slice(0, at), name: key.slice(at + 1) }
}

const belongs = {
  plan: 'goes with a release, not with a plan',
  blueprint: 'goes with a release: of infrastructure it is all or nothing',
  release: 'goes with infrastructure, where no release is named',
}

function refuseBeside(named: Record<string, unknown>, beside: keyof typeof belongs): void {
  const faults = Object.entries(named).flatMap(([field, value]): FieldFault[] =>
    value === undefined ? [] : [{ field, fault: 'invalid', detail: belongs[beside] }],
  )
  if (faults.length > 0) throw new DomainError('invalid', { faults })
}
