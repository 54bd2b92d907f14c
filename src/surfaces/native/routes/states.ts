import { ref, Page, PageQuery } from '#api/schema.ts'
import { RescuedState, State, StateVersion, UnlockRequest } from '#api/state.ts'
import { postRescuedState } from '#app/state/post-rescued-state.ts'
import { forceUnlock } from '#app/state/force-unlock.ts'
import { getState, listStateVersions } from '#app/state/list-state-versions.ts'
import { setAsideUnposted } from '#app/state/set-aside-unposted.ts'
import { callerOf } from '../caller.ts'
import { oneMore, pageOf } from '../page.ts'
import { afterNumber, environmentAt } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewState, viewStateVersion } from '../views/state.ts'
import { ByKeyAndName } from './params.ts'

const tags = ['state']
const one = `${root}/projects/:key/environments/:name/state`
const params = ByKeyAndName

export function stateRoutes(server: NativeServer): void {
  const summary = 'What Terraform knows of an environment, but for what is in it, and who is at it'
  server.get(one, { schema: { tags, summary, params, response: { 200: ref(State) } } }, async (request) => {
    const ctx = callerOf(request)
    const { id: environment_id, project_id } = await environmentAt(ctx, request.params)
    return viewState(await getState(ctx, { project_id, environment_id }))
  })

  server.get(
    `${one}/versions`,
    {
      schema: {
        ...{ tags, summary: 'Its versions that are kept, newest first', params },
        ...{ querystring: PageQuery, response: { 200: Page(StateVersion) } },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id: environment_id, project_id } = await environmentAt(ctx, request.params)
      const { limit, after } = request.query
      const before = afterNumber(after)
      const page = { limit: oneMore(limit), ...(before === undefined ? {} : { before }) }
      const rows = await listStateVersions(ctx, { project_id, environment_id, ...page })
      return pageOf(rows, limit, viewStateVersion, ({ version }) => String(version))
    },
  )

  server.post(
    `${one}/unlock`,
    {
      schema: {
        ...{ tags, summary: 'Let go of a lock that its holder left, by its id', params },
        ...{ body: UnlockRequest, response: { 200: ref(State) } },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id: environment_id, project_id } = await environmentAt(ctx, request.params)
      await forceUnlock(ctx, { project_id, environment_id, ...request.body })
      return viewState(await getState(ctx, { project_id, environment_id }))
    },
  )

  server.post(
    `${one}/rescue`,
    {
      schema: {
        ...{
          tags,
          summary: 'Post the state that a failed release could not post itself, or set it aside',
          params,
        },
        ...{ body: RescuedState, response: { 200: ref(State) } },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id: environment_id, project_id } = await environmentAt(ctx, request.params)
      const { blob, set_aside = false } = request.body
      await (set_aside ? setAsideUnposted : postRescuedState)(ctx, { project_id, environment_id, blob })
      return viewState(await getState(ctx, { project_id, environment_id }))
    },
  )
}
