import {
  Artifact,
  ArtifactQuery,
  ArtifactRequest,
  ByKeyAndId,
  ByVariable,
  Variable,
  VariableRequest,
} from '#api/infra.ts'
import { List, Page, ref } from '#api/schema.ts'
import { Type } from 'typebox'
import { listArtifacts, listArtifactsTaken } from '#app/infra/list-artifacts.ts'
import { listVariables } from '#app/infra/list-variables.ts'
import { registerArtifact, restoreArtifact } from '#app/infra/register-artifact.ts'
import { removeVariable } from '#app/infra/remove-variable.ts'
import { setVariable } from '#app/infra/set-variable.ts'
import type { Context } from '#app/context.ts'
import type { JsonObject } from '#domain/json.ts'
import { showId } from '#domain/ids.ts'
import { callerOf } from '../caller.ts'
import { boundVersion } from '../entity-tag.ts'
import { oneMore, pageOf } from '../page.ts'
import { afterId, environmentAt, idIn, projectAt } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewArtifact, viewVariable } from '../views/infra.ts'
import { ByKey, ByKeyAndName } from './params.ts'

const tags = ['infrastructure']
const environment = `${root}/projects/:key/environments/:name`
const artifacts = `${root}/projects/:key/artifacts`

export function infraInputRoutes(server: NativeServer): void {
  variableRoutes(server)
  artifactRoutes(server)
}

function variableRoutes(server: NativeServer): void {
  server.get(
    `${environment}/variables`,
    {
      schema: {
        ...{ tags, summary: 'Values that the blueprint refers to; of secrets only that there are some' },
        ...{ params: ByKeyAndName, response: { 200: List(Variable) } },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const rows = await listVariables(ctx, await placeAt(ctx, request.params))
      return { items: rows.map(viewVariable), next: null }
    },
  )

  server.put(
    `${environment}/variables/:variable`,
    {
      config: { versioned: true },
      schema: {
        ...{ tags, summary: 'Set one; it counts from the next release on', params: ByVariable },
        body: VariableRequest,
        response: { 200: ref(Variable), 201: ref(Variable) },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { variable: name } = request.params
      const place = await placeAt(ctx, request.params)
      const version = boundVersion(request)
      const { variable, created } = await setVariable(ctx, { ...place, name, ...request.body, version })
      return reply.code(created ? 201 : 200).send(viewVariable(variable))
    },
  )

  server.delete(
    `${environment}/variables/:variable`,
    {
      config: { versioned: true },
      schema: { tags, summary: 'Take it away', params: ByVariable, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { variable: name } = request.params
      const version = boundVersion(request)
      await removeVariable(ctx, { ...(await placeAt(ctx, request.params)), name, version })
      return reply.code(204).send(null)
    },
  )
}

function artifactRoutes(server: NativeServer): void {
  server.get(
    artifacts,
    {
      schema: {
        ...{ tags, summary: 'What CI built, newest first', params: ByKey },
        ...{ querystring: ArtifactQuery, response: { 200: Page(Artifact) } },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id: project_id } = await projectAt(ctx, request.params)
      const { limit, after, environment: name, application, release_stream } = request.query
      const environment_id = name && (await environmentAt(ctx, { ...request.params, name })).id
      const rows = await listArtifacts(ctx, {
        ...{ project_id, application, release_stream, environment_id },
        ...{ limit: oneMore(limit), before: afterId('artifact', after) },
      })
      return pageOf(rows, limit, viewArtifact, (row) => showId('artifact', row.id))
    },
  )

  server.post(
    artifacts,
    {
      schema: {
        ...{ tags, summary: 'Say what CI built; the next release takes it', params: ByKey },
        ...{ body: ArtifactRequest, response: { 201: ref(Artifact) } },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { id: project_id } = await projectAt(ctx, request.params)
      const { environment: name, metadata, ...body } = request.body
      const place =
        name === undefined
          ? {}
          : { environment_id: (await environmentAt(ctx, { ...request.params, name })).id }
      const more = metadata === undefined ? {} : { metadata: metadata as JsonObject }
      const made = await registerArtifact(ctx, { project_id, ...body, ...place, ...more })
      return reply.code(201).send(viewArtifact(made))
    },
  )

  server.post(
    `${artifacts}/:id/restore`,
    {
      schema: {
        ...{ tags, summary: 'Take an older one again', params: ByKeyAndId },
        response: { 201: ref(Artifact) },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { id: project_id } = await projectAt(ctx, request.params)
      const artifact_id = idIn('artifact', request.params.id)
      return reply.code(201).send(viewArtifact(await restoreArtifact(ctx, { project_id, artifact_id })))
    },
  )

  server.get(
    `${environment}/artifacts`,
    {
      schema: {
        ...{ tags, summary: 'Of each application what the next release takes', params: ByKeyAndName },
        response: { 200: List(Artifact) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const rows = await listArtifactsTaken(ctx, await placeAt(ctx, request.params))
      return { items: rows.map(viewArtifact), next: null }
    },
  )
}

async function placeAt(ctx: Context, path: { key: string; name: string }) {
  const { id: environment_id, project_id } = await environmentAt(ctx, path)
  return { project_id, environment_id }
}
