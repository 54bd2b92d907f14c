import { CancelRequest, Deployment, DeploymentItem, deploymentStates } from '#api/deployment.ts'
import { OneOf, Page, PageQuery, SearchQuery, ref } from '#api/schema.ts'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { getDeployment, listDeploymentItems, listDeployments } from '#app/deployments/get-deployment.ts'
import { showId } from '#domain/ids.ts'
import { Type } from 'typebox'
import { callerOf } from '../caller.ts'
import { boundVersion, tag } from '../entity-tag.ts'
import { oneMore, pageOf } from '../page.ts'
import { afterId, afterNumber, idField, idIn, mostInt4, projectAt } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewDeployment, viewDeploymentItem } from '../views/deployment.ts'
import { ById, ByKey } from './params.ts'

const tags = ['deployments']
const one = `${root}/deployments/:id`

export const DeploymentSearch = SearchQuery({
  state: Type.Optional(OneOf(deploymentStates)),
  release: Type.Optional(Type.String({ maxLength: 100, description: 'Only of this release' })),
})

export function deploymentRoutes(server: NativeServer): void {
  server.get(
    `${root}/projects/:key/deployments`,
    {
      schema: {
        tags,
        summary: 'Deployments of a project, newest first',
        params: ByKey,
        querystring: DeploymentSearch,
        response: { 200: Page(Deployment) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id: project_id } = await projectAt(ctx, request.params)
      const { limit, after, state, release } = request.query
      const release_id = release && idField('release', 'query.release', release)
      const page = { limit: oneMore(limit), before: afterId('deployment', after) }
      const rows = await listDeployments(ctx, { project_id, state, release_id, ...page })
      return pageOf(rows, limit, viewDeployment, (row) => showId('deployment', row.id))
    },
  )

  server.get(
    one,
    { schema: { tags, summary: 'A deployment', params: ById, response: { 200: ref(Deployment) } } },
    async (request, reply) => {
      const deployment_id = idIn('deployment', request.params.id)
      const deployment = await getDeployment(callerOf(request), { deployment_id })
      tag(reply, deployment.version)
      return viewDeployment(deployment)
    },
  )

  server.get(
    `${one}/items`,
    {
      schema: {
        tags,
        summary: 'What became of each item; empty until it has ended',
        params: ById,
        querystring: PageQuery,
        response: { 200: Page(DeploymentItem) },
      },
    },
    async (request) => {
      const deployment_id = idIn('deployment', request.params.id)
      const { limit, after } = request.query
      const page = { limit: oneMore(limit), after: afterNumber(after, mostInt4) }
      const rows = await listDeploymentItems(callerOf(request), { deployment_id, ...page })
      return pageOf(rows, limit, viewDeploymentItem, (row) => String(row.position))
    },
  )

  server.post(
    `${one}/cancel`,
    {
      config: { versioned: true },
      schema: {
        tags,
        summary: 'Cancel it, or ask it to stop',
        params: ById,
        body: Type.Optional(CancelRequest),
        response: { 200: ref(Deployment) },
      },
    },
    async (request) => {
      const deployment_id = idIn('deployment', request.params.id)
      const { reason } = request.body ?? {}
      const asked = { deployment_id, reason, version: boundVersion(request) }
      return viewDeployment(await cancelDeployment(callerOf(request), asked))
    },
  )
}
