import { Type } from 'typebox'
import { CancelRequest } from '#api/deployment.ts'
import { CheckRequest, Run, runKinds, runStates } from '#api/run.ts'
import { OneOf, Page, SearchQuery, ref } from '#api/schema.ts'
import { getEnvironmentByName } from '#app/environments/get-environment.ts'
import { cancelRun } from '#app/runs/cancel-run.ts'
import { getRun, listRuns } from '#app/runs/get-run.ts'
import { checkEnvironment } from '#app/runs/check-environment.ts'
import { showId } from '#domain/ids.ts'
import { callerOf } from '../caller.ts'
import { boundVersion, tag } from '../entity-tag.ts'
import { oneMore, pageOf } from '../page.ts'
import { afterId, environmentAt, idIn, projectAt } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewRun } from '../views/run.ts'
import { ById, ByKeyAndName } from './params.ts'

const tags = ['runs']

const RunSearch = SearchQuery({
  project: Type.String({ minLength: 1, maxLength: 128, description: "The project's key" }),
  environment: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Only in this one' })),
  kind: Type.Optional(OneOf(runKinds)),
  state: Type.Optional(OneOf(runStates)),
})

export function runRoutes(server: NativeServer): void {
  server.get(
    `${root}/runs`,
    {
      schema: {
        ...{ tags, summary: 'Runs of a project, newest first' },
        ...{ querystring: RunSearch, response: { 200: Page(Run) } },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { limit, after, project, environment: name, kind, state } = request.query
      const { id: project_id } = await projectAt(ctx, { key: project })
      const environment_id =
        name === undefined ? undefined : (await getEnvironmentByName(ctx, { project_id, name })).id
      const page = { limit: oneMore(limit), before: afterId('run', after) }
      const rows = await listRuns(ctx, { project_id, environment_id, kind, state, ...page })
      return pageOf(rows, limit, viewRun, (row) => showId('run', row.id))
    },
  )

  server.get(
    `${root}/runs/:id`,
    { schema: { tags, summary: 'A run', params: ById, response: { 200: ref(Run) } } },
    async (request, reply) => {
      const run = await getRun(callerOf(request), { run_id: idIn('run', request.params.id) })
      tag(reply, run.version)
      return viewRun(run)
    },
  )

  server.post(
    `${root}/runs/:id/cancel`,
    {
      config: { versioned: true },
      schema: {
        ...{ tags, summary: 'Cancel it, or ask it to stop' },
        ...{ params: ById, body: Type.Optional(CancelRequest), response: { 200: ref(Run) } },
      },
    },
    async (request) => {
      const run_id = idIn('run', request.params.id)
      return viewRun(
        await cancelRun(callerOf(request), {
          run_id,
          reason: request.body?.reason,
          version: boundVersion(request),
        }),
      )
    },
  )

  server.post(
    `${root}/projects/:key/environments/:name/check`,
    {
      schema: {
        ...{ tags, summary: 'Try out its executor: a run of kind check' },
        description:
          'A command is run with HEADGATE_CHECK=1, a webhook gets headgate.check; nothing is deployed.',
        ...{ params: ByKeyAndName, body: Type.Optional(CheckRequest), response: { 201: ref(Run) } },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { id: environment_id } = await environmentAt(ctx, request.params)
      const run = viewRun(await checkEnvironment(ctx, { environment_id, reason: request.body?.reason }))
      return reply.code(201).header('location', `${root}/runs/${run.id}`).send(run)
    },
  )
}
