import { Type } from 'typebox'
import { Deployment } from '#api/deployment.ts'
import { LiveItem } from '#api/live-item.ts'
import { Page, SearchQuery } from '#api/schema.ts'
import { listDeployments } from '#app/deployments/get-deployment.ts'
import { listLive } from '#app/live/list-live.ts'
import { showId } from '#domain/ids.ts'
import { callerOf } from '../caller.ts'
import { oneMore, pageOf } from '../page.ts'
import { afterId, environmentAt, idField } from '../read-path.ts'
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

  liveRoutes(server)
}

const LiveSearch = SearchQuery({
  kind: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Only of this kind' })),
  uncertain: Type.Optional(Type.Boolean({ description: 'Only what may have been half done' })),
  q: Type.Optional(Type.String({ maxLength: 200, description: 'Part of its title or key, in any case' })),
})

function liveRoutes(server: NativeServer): void {
  server.get(
    `${environment}/live`,
    {
      schema: {
        tags,
        summary: 'What is live, item by item',
        params: ByKeyAndName,
        querystring: LiveSearch,
        response: { 200: Page(LiveItem) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id: environment_id } = await environmentAt(ctx, request.params)
      const { limit, ...search } = request.query
      const rows = await listLive(ctx, { environment_id, ...search, limit: oneMore(limit) })
      return pageOf(rows, limit, viewLiveItem, (row) => row.item_key)
    },
  )
}
