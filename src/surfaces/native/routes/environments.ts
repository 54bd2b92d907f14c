import { Type } from 'typebox'
import { Environment, EnvironmentChange, NewEnvironment } from '#api/environment.ts'
import { List, ref } from '#api/schema.ts'
import type { Context } from '#app/context.ts'
import { createEnvironment } from '#app/environments/create-environment.ts'
import { listEnvironments } from '#app/environments/get-environment.ts'
import { removeEnvironment } from '#app/environments/remove-environment.ts'
import { updateEnvironment } from '#app/environments/update-environment.ts'
import { parentIn } from '#app/environments/parent-in.ts'
import { callerOf } from '../caller.ts'
import { boundVersion, tag } from '../entity-tag.ts'
import { environmentAt, projectAt } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewEnvironment } from '../views/environment.ts'
import { ByKey, ByKeyAndName } from './params.ts'

export function environmentRoutes(server: NativeServer): void {
  const tags = ['environments']
  const all = `${root}/projects/:key/environments`
  const one = `${all}/:name`

  server.get(
    all,
    {
      schema: {
        tags,
        summary: 'Environments, in pipeline order',
        params: ByKey,
        response: { 200: List(Environment) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id } = await projectAt(ctx, request.params)
      const rows = await listEnvironments(ctx, { project_id: id })
      return { items: rows.map((row) => viewEnvironment(row, rows)), next: null }
    },
  )

  server.post(
    all,
    {
      schema: {
        tags,
        summary: 'Make an environment',
        params: ByKey,
        body: NewEnvironment,
        response: { 201: ref(Environment) },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { id: project_id, key } = await projectAt(ctx, request.params)
      const { name, tier, parent } = request.body
      const rows = await listEnvironments(ctx, { project_id })
      const parent_id = parentIn(rows, { name, parent: parent ?? null })
      const guards = protectionsOf(request.body)
      const made = await createEnvironment(ctx, { project_id, name, tier, parent_id, ...guards })
      tag(reply, made.version)
      const location = `${root}/projects/${key}/environments/${name}`
      return reply.code(201).header('location', location).send(viewEnvironment(made, rows))
    },
  )

  server.get(
    one,
    {
      schema: { tags, summary: 'An environment', params: ByKeyAndName, response: { 200: ref(Environment) } },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      return answer(ctx, await environmentAt(ctx, request.params), reply)
    },
  )

  server.patch(
    one,
    {
      config: { versioned: true },
      schema: {
        tags,
        summary: 'Change an environment',
        params: ByKeyAndName,
        body: EnvironmentChange,
        response: { 200: ref(Environment) },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { id: environment_id, project_id, name: known } = await environmentAt(ctx, request.params)
      const { name, tier, parent } = request.body
      const rows = await listEnvironments(ctx, { project_id })
      const moved = parent === undefined ? {} : { parent_id: parentIn(rows, { name: known, parent }) }
      return answer(
        ctx,
        await updateEnvironment(ctx, {
          ...{ project_id, environment_id, name, tier, ...moved, ...protectionsOf(request.body) },
          version: boundVersion(request),
        }),
        reply,
      )
    },
  )

  server.delete(
    one,
    {
      config: { versioned: true },
      schema: {
        tags,
        summary: 'Remove an environment',
        params: ByKeyAndName,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { id: environment_id, project_id } = await environmentAt(ctx, request.params)
      await removeEnvironment(ctx, { project_id, environment_id, version: boundVersion(request) })
      return reply.code(204).send(null)
    },
  )
}

function protectionsOf({
  requires_parent,
  auto_promote,
  approvals,
}: Pick<EnvironmentChange, 'requires_parent' | 'auto_promote' | 'approvals'>) {
  return {
    ...(requires_parent === undefined ? {} : { requires_parent }),
    ...(auto_promote === undefined ? {} : { auto_promote }),
    ...(approvals === undefined ? {} : { approvals_needed: approvals.count }),
    ...(approvals?.timeout_seconds === undefined
      ? {}
      : { approval_timeout_seconds: approvals.timeout_seconds }),
  }
}

async function answer(
  ctx: Context,
  row: Awaited<ReturnType<typeof environmentAt>>,
  reply: Parameters<typeof tag>[0],
): Promise<Environment> {
  tag(reply, row.version)
  return viewEnvironment(row, await listEnvironments(ctx, row))
}
