import {
  BlueprintCheck,
  ByResource,
  InfraSettings,
  OverrideRequest,
  Resource,
  ResourceDifference,
  ResourceOverride,
  ResourceQuery,
  ResourceRollbackRequest,
} from '#api/infra.ts'
import { Deployment } from '#api/deployment.ts'
import { List, Page, PageQuery, ref } from '#api/schema.ts'
import { Type } from 'typebox'
import { checkBlueprint } from '#app/infra/check-blueprint.ts'
import { getInfraSettings } from '#app/infra/get-infra-settings.ts'
import { getOverride, listOverrides } from '#app/infra/get-override.ts'
import { getResource, listResources } from '#app/infra/list-resources.ts'
import { planRollbackOfResource } from '#app/infra/plan-rollback-of-resource.ts'
import { putOverride, removeOverride } from '#app/infra/put-override.ts'
import { simulateRelease } from '#app/infra/simulate-release.ts'
import type { Context } from '#app/context.ts'
import type { JsonObject } from '#domain/json.ts'
import { callerOf } from '../caller.ts'
import { boundVersion } from '../entity-tag.ts'
import { oneMore, pageOf } from '../page.ts'
import { environmentAt, idField, projectAt } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewDeployment } from '../views/deployment.ts'
import { viewInfraSettings, viewOverride } from '../views/infra.ts'
import { ByKey, ByKeyAndName } from './params.ts'

const tags = ['infrastructure']
const environment = `${root}/projects/:key/environments/:name`
const one = `${environment}/resources/:type/:resource`
const params = ByKeyAndName

export function resourceRoutes(server: NativeServer): void {
  blueprintRoutes(server)
  readingRoutes(server)
  overrideRoutes(server)
}

function blueprintRoutes(server: NativeServer): void {
  server.get(
    `${root}/projects/:key/blueprint`,
    {
      schema: {
        ...{ tags, summary: 'Where blueprint and modules are, as headgate.yaml says it', params: ByKey },
        response: { 200: ref(InfraSettings) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id: project_id } = await projectAt(ctx, request.params)
      return viewInfraSettings(await getInfraSettings(ctx, { project_id }))
    },
  )

  server.get(
    `${environment}/blueprint`,
    {
      schema: {
        ...{ tags, summary: 'What is wrong with the blueprint as it is now', params },
        response: { 200: ref(BlueprintCheck) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      return { ...(await checkBlueprint(ctx, await placeAt(ctx, request.params))) } as BlueprintCheck
    },
  )

  server.get(
    `${environment}/simulation`,
    {
      schema: {
        ...{ tags, summary: 'What a release now would change, and why, without asking Terraform', params },
        response: { 200: List(ResourceDifference) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      return { items: await simulateRelease(ctx, await placeAt(ctx, request.params)), next: null }
    },
  )
}

function readingRoutes(server: NativeServer): void {
  server.get(
    `${environment}/resources`,
    {
      schema: {
        ...{ tags, summary: 'The resources of an environment, beside what is live of them', params },
        ...{ querystring: ResourceQuery, response: { 200: Page(Resource) } },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { limit, after, type } = request.query
      const page = { ...(await placeAt(ctx, request.params)), type, after, limit: oneMore(limit) }
      return pageOf(
        await listResources(ctx, page),
        limit,
        (row) => ({ ...row }) as Resource,
        (row) => row.key,
      )
    },
  )

  server.get(
    one,
    {
      schema: {
        tags,
        summary: 'A resource as it would be released',
        params: ByResource,
        response: { 200: ref(Resource) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      return { ...(await getResource(ctx, await resourceAt(ctx, request.params))) } as Resource
    },
  )

  server.post(
    `${one}/rollback`,
    {
      schema: {
        ...{ tags, summary: 'Plan a resource as an older deployment left it', params: ByResource },
        description: 'Nothing is changed: the plan can be deployed as it is.',
        ...{ body: ResourceRollbackRequest, response: { 201: ref(Deployment) } },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const place = await resourceAt(ctx, request.params)
      const { deployment, ...terms } = request.body
      const deployment_id = idField('deployment', 'deployment', deployment)
      const made = viewDeployment(await planRollbackOfResource(ctx, { ...place, deployment_id, ...terms }))
      return reply.code(201).header('location', `${root}/deployments/${made.id}`).send(made)
    },
  )
}

function overrideRoutes(server: NativeServer): void {
  server.get(
    `${environment}/overrides`,
    {
      schema: {
        ...{ tags, summary: 'What an environment has otherwise than the blueprint says', params },
        ...{ querystring: PageQuery, response: { 200: Page(ResourceOverride) } },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { limit, after } = request.query
      const rows = await listOverrides(ctx, {
        ...(await placeAt(ctx, request.params)),
        ...{ after, limit: oneMore(limit) },
      })
      return pageOf(rows, limit, viewOverride, (row) => `${row.resource_type}/${row.resource_name}`)
    },
  )

  server.get(
    `${one}/override`,
    {
      schema: { tags, summary: 'Its override', params: ByResource, response: { 200: ref(ResourceOverride) } },
    },
    async (request) => {
      const ctx = callerOf(request)
      return viewOverride(await getOverride(ctx, await resourceAt(ctx, request.params)))
    },
  )

  server.put(
    `${one}/override`,
    {
      config: { versioned: true },
      schema: {
        ...{ tags, summary: 'Replace it; it counts from the next release on', params: ByResource },
        body: OverrideRequest,
        response: { 200: ref(ResourceOverride), 201: ref(ResourceOverride) },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { changes, ...body } = request.body
      const { override, created } = await putOverride(ctx, {
        ...(await resourceAt(ctx, request.params)),
        ...body,
        ...(changes === undefined ? {} : { changes: changes as JsonObject | null }),
        version: boundVersion(request),
      })
      return reply.code(created ? 201 : 200).send(viewOverride(override))
    },
  )

  server.delete(
    `${one}/override`,
    {
      config: { versioned: true },
      schema: {
        ...{ tags, summary: 'Have it as the blueprint says again', params: ByResource },
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const version = boundVersion(request)
      await removeOverride(ctx, { ...(await resourceAt(ctx, request.params)), version })
      return reply.code(204).send(null)
    },
  )
}

async function placeAt(ctx: Context, path: { key: string; name: string }) {
  const { id: environment_id, project_id } = await environmentAt(ctx, path)
  return { project_id, environment_id }
}

async function resourceAt(
  ctx: Context,
  { type, resource: name, ...path }: { key: string; name: string; type: string; resource: string },
) {
  return { ...(await placeAt(ctx, path)), type, name }
}
