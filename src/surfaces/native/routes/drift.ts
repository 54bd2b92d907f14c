import { Deployment } from '#api/deployment.ts'
import {
  Drift,
  DriftCheck,
  DriftIgnoreRequest,
  DriftRequest,
  IgnoredDrift,
  ReassertRequest,
} from '#api/drift.ts'
import { Run } from '#api/run.ts'
import { List, Page, PageQuery, SearchQuery, ref } from '#api/schema.ts'
import { Type } from 'typebox'
import { adoptDrift } from '#app/drift/adopt-drift.ts'
import { checkDrift } from '#app/drift/check-drift.ts'
import { ignoreDrift, listIgnoredDrift, stopIgnoringDrift } from '#app/drift/ignore-drift.ts'
import { getDrift, listDriftChecks, listDriftOfAll } from '#app/drift/list-drift.ts'
import { reassertDrift } from '#app/drift/reassert-drift.ts'
import { showId } from '#domain/ids.ts'
import { callerOf } from '../caller.ts'
import { oneMore, pageOf } from '../page.ts'
import { afterId, environmentAt, idIn, projectAt, timeField } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewDeployment } from '../views/deployment.ts'
import { viewDrift, viewDriftCheck, viewIgnoredDrift } from '../views/drift.ts'
import { viewRun } from '../views/run.ts'
import { ByKeyAndName, ByKeyNameAndId } from './params.ts'

const tags = ['drift']
const here = `${root}/projects/:key/environments/:name/drift`
const params = ByKeyAndName

const DriftSearch = SearchQuery({
  project: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'Only in this one' })),
})

export function driftRoutes(server: NativeServer): void {
  readingRoutes(server)
  ignoringRoutes(server)
  actingRoutes(server)
}

function readingRoutes(server: NativeServer): void {
  server.get(
    `${root}/drift`,
    {
      schema: {
        ...{ tags, summary: 'How every environment of infrastructure stands that one may see' },
        ...{ querystring: DriftSearch, response: { 200: Page(Drift) } },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { limit, after, project } = request.query
      const project_id = project === undefined ? undefined : (await projectAt(ctx, { key: project })).id
      const page = { limit: oneMore(limit), after: afterId('environment', after) }
      const rows = await listDriftOfAll(ctx, { project_id, ...page })
      return pageOf(rows, limit, viewDrift, (row) => showId('environment', row.environment_id))
    },
  )

  server.get(
    here,
    { schema: { tags, summary: 'Whether it is as it was left', params, response: { 200: ref(Drift) } } },
    async (request) => {
      const ctx = callerOf(request)
      const { id: environment_id } = await environmentAt(ctx, request.params)
      return viewDrift(await getDrift(ctx, { environment_id }))
    },
  )

  server.get(
    `${here}/checks`,
    {
      schema: {
        ...{ tags, summary: 'What was found there before, newest first', params },
        ...{ querystring: PageQuery, response: { 200: Page(DriftCheck) } },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id: environment_id } = await environmentAt(ctx, request.params)
      const { limit, after } = request.query
      const page = { limit: oneMore(limit), before: afterId('drift', after) }
      const rows = await listDriftChecks(ctx, { environment_id, ...page })
      return pageOf(rows, limit, viewDriftCheck, (row) => showId('drift', row.id))
    },
  )
}

function ignoringRoutes(server: NativeServer): void {
  server.get(
    `${here}/ignored`,
    { schema: { tags, summary: 'Drift that may stay', params, response: { 200: List(IgnoredDrift) } } },
    async (request) => {
      const ctx = callerOf(request)
      const { id: environment_id } = await environmentAt(ctx, request.params)
      const rows = await listIgnoredDrift(ctx, { environment_id })
      return { items: rows.map(viewIgnoredDrift), next: null }
    },
  )

  server.post(
    `${here}/ignored`,
    {
      schema: {
        ...{
          tags,
          summary: 'Let drift stay: of an item, a thing in it, or an attribute; until a time',
          params,
        },
        ...{ body: DriftIgnoreRequest, response: { 201: ref(IgnoredDrift) } },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { id: environment_id } = await environmentAt(ctx, request.params)
      const { item: item_key, until, ...asked } = request.body
      const at = typeof until === 'string' ? timeField('until', until) : null
      const made = viewIgnoredDrift(await ignoreDrift(ctx, { environment_id, item_key, ...asked, until: at }))
      return reply.code(201).send(made)
    },
  )

  server.delete(
    `${here}/ignored/:id`,
    {
      schema: {
        ...{ tags, summary: 'Ignore it no more', params: ByKeyNameAndId },
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { id: environment_id } = await environmentAt(ctx, request.params)
      const ignore_id = idIn('ignored drift', request.params.id)
      await stopIgnoringDrift(ctx, { environment_id, ignore_id })
      return reply.code(204).send(null)
    },
  )
}

function actingRoutes(server: NativeServer): void {
  server.post(
    here,
    {
      schema: {
        ...{ tags, summary: 'Look now: a run of kind drift, or the one that is under way', params },
        ...{ body: Type.Optional(DriftRequest), response: { 201: ref(Run) } },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { id: environment_id } = await environmentAt(ctx, request.params)
      const run = viewRun(await checkDrift(ctx, { environment_id, reason: request.body?.reason }))
      return reply.code(201).header('location', `${root}/runs/${run.id}`).send(run)
    },
  )

  server.post(
    `${here}/adopt`,
    {
      schema: {
        ...{ tags, summary: 'Take what is really there for what was left', params },
        description:
          'The state is written anew and nothing else changes. What the blueprint says otherwise, the next release puts back.',
        ...{ body: Type.Optional(DriftRequest), response: { 201: ref(Run) } },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { id: environment_id } = await environmentAt(ctx, request.params)
      const run = viewRun(await adoptDrift(ctx, { environment_id, reason: request.body?.reason }))
      return reply.code(201).header('location', `${root}/runs/${run.id}`).send(run)
    },
  )

  server.post(
    `${here}/reassert`,
    {
      schema: {
        ...{ tags, summary: 'Put back what drifted: a deployment of what is live, as it was left', params },
        ...{ body: Type.Optional(ReassertRequest), response: { 201: ref(Deployment) } },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { id: environment_id } = await environmentAt(ctx, request.params)
      const made = viewDeployment(await reassertDrift(ctx, { environment_id, ...request.body }))
      return reply.code(201).header('location', `${root}/deployments/${made.id}`).send(made)
    },
  )
}
