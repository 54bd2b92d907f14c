import { Type } from 'typebox'
import { Deployment, DeploymentRequest, Rollback, RollbackRequest, Why } from '#api/deployment.ts'
import { LiveItem } from '#api/live-item.ts'
import { Exactly, Page, PageQuery, ref } from '#api/schema.ts'
import type { Context } from '#app/context.ts'
import { explainGates } from '#app/deployments/explain-gates.ts'
import { listDeployments } from '#app/deployments/get-deployment.ts'
import { requestDeployments } from '#app/deployments/request-deployments.ts'
import { requestRollback } from '#app/deployments/request-rollback.ts'
import { listLive } from '#app/live/list-live.ts'
import { listReleaseItems } from '#app/releases/list-release-items.ts'
import { DomainError, type FieldFault } from '#domain/errors.ts'
import { showId } from '#domain/ids.ts'
import { callerOf } from '../caller.ts'
import { oneMore, pageOf } from '../page.ts'
import { afterId, environmentAt, idField, timeField } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewDeployment } from '../views/deployment.ts'
import { viewLiveItem } from '../views/live-item.ts'
import { DeploymentSearch } from './deployments.ts'
import { ByKeyAndName } from './params.ts'

const tags = ['deployments']
const environment = `${root}/projects/:key/environments/:name`

export function environmentDeploymentRoutes(server: NativeServer): void {
  server.get(
    `${environment}/deployments`,
    {
      schema: {
        tags,
        summary: 'Deployments to an environment, newest first',
        params: ByKeyAndName,
        querystring: DeploymentSearch,
        response: { 200: Page(Deployment) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id: environment_id, project_id } = await environmentAt(ctx, request.params)
      const { limit, after, state, release } = request.query
      const release_id = release && idField('release', 'query.release', release)
      const page = { limit: oneMore(limit), before: afterId('deployment', after) }
      const rows = await listDeployments(ctx, { project_id, environment_id, state, release_id, ...page })
      return pageOf(rows, limit, viewDeployment, (row) => showId('deployment', row.id))
    },
  )

  server.post(
    `${environment}/deployments`,
    {
      schema: {
        tags,
        summary: 'Deploy a release',
        params: ByKeyAndName,
        body: DeploymentRequest,
        response: { 201: ref(Deployment) },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { id, project_id } = await environmentAt(ctx, request.params)
      const { release, items, force, scheduled_at, misfire, ...terms } = request.body
      const release_id = idField('release', 'release', release)
      const [deployment] = await requestDeployments(ctx, {
        ...{ project_id, release_id, environment_ids: [id], forced: force, ...terms },
        ...(items && { select: await selection(ctx, { project_id, release_id }, items) }),
        ...(scheduled_at !== undefined && { due_at: timeField('scheduled_at', scheduled_at) }),
        ...(misfire && { misfire: { late_by_at_most_seconds: null, ...misfire } }),
      })
      const made = viewDeployment(deployment!)
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
      const { deployment: which, ...terms } = request.body ?? {}
      const deployment_id = which && idField('deployment', 'deployment', which)
      const { deployment, conflicts } = await requestRollback(ctx, {
        environment_id,
        deployment_id,
        ...terms,
      })
      const made = viewDeployment(deployment)
      return reply
        .code(201)
        .header('location', `${root}/deployments/${made.id}`)
        .send({ deployment: made, conflicts })
    },
  )
  liveRoutes(server)
}

const WhyQuery = Exactly({
  release: Type.String({ maxLength: 100, description: 'Which release it is about' }),
})

function liveRoutes(server: NativeServer): void {
  server.get(
    `${environment}/live`,
    {
      schema: {
        tags,
        summary: 'What is live, item by item',
        params: ByKeyAndName,
        querystring: PageQuery,
        response: { 200: Page(LiveItem) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id: environment_id } = await environmentAt(ctx, request.params)
      const { limit, after } = request.query
      const rows = await listLive(ctx, { environment_id, limit: oneMore(limit), after })
      return pageOf(rows, limit, viewLiveItem, (row) => row.item_key)
    },
  )

  server.get(
    `${environment}/why`,
    {
      schema: {
        tags,
        summary: 'Why a release would not start here now, who can change that, and when it may',
        params: ByKeyAndName,
        querystring: WhyQuery,
        response: { 200: ref(Why) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id: environment_id, project_id } = await environmentAt(ctx, request.params)
      const release_id = idField('release', 'query.release', request.query.release)
      const { blockers, opens_at } = await explainGates(ctx, { project_id, environment_id, release_id })
      return { open: blockers.length === 0, blockers, opens_at }
    },
  )
}

/** Those of the release's items that are named. A name it does not have is a mistake, not an empty selection. */
async function selection(
  ctx: Context,
  release: { project_id: string; release_id: string },
  keys: readonly string[],
): Promise<(item: { key: string }) => boolean> {
  const { items } = await listReleaseItems(ctx, release)
  const known = new Set(items.map((item) => item.key))
  const faults = keys.flatMap((key, index): FieldFault[] =>
    known.has(key)
      ? []
      : [{ field: `items.${index}`, fault: 'invalid', detail: 'is no item of the release' }],
  )
  if (faults.length > 0) throw new DomainError('invalid', { faults: faults.slice(0, 100) })
  const wanted = new Set(keys)
  return (item) => wanted.has(item.key)
}
