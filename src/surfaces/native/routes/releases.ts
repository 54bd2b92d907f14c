import { Type } from 'typebox'
import { LockChange, NewRelease, Release, ReleaseChange, ReleaseClone } from '#api/release.ts'
import { Page, SearchQuery, ref } from '#api/schema.ts'
import { cloneRelease } from '#app/releases/clone-release.ts'
import { createRelease } from '#app/releases/create-release.ts'
import { getReleaseById } from '#app/releases/get-release.ts'
import { listReleases } from '#app/releases/list-releases.ts'
import { removeRelease } from '#app/releases/remove-release.ts'
import { updateRelease } from '#app/releases/update-release.ts'
import { showId } from '#domain/ids.ts'
import { callerOf } from '../caller.ts'
import { boundVersion, tag } from '../entity-tag.ts'
import { oneMore, pageOf } from '../page.ts'
import { afterId, idIn, projectAt, releaseAt } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewRelease } from '../views/release.ts'
import { ById, ByKey } from './params.ts'

const tags = ['releases']
const all = `${root}/projects/:key/releases`
const one = `${root}/releases/:id`

const Search = SearchQuery({
  name: Type.Optional(Type.String({ maxLength: 200, description: 'Only those with exactly this name' })),
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Part of its name' })),
  branch: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  archived: Type.Optional(Type.Boolean()),
  locked: Type.Optional(Type.Boolean()),
})

export function releaseRoutes(server: NativeServer): void {
  server.get(
    all,
    {
      schema: {
        tags,
        summary: 'Releases, newest first',
        params: ByKey,
        querystring: Search,
        response: { 200: Page(Release) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id: project_id } = await projectAt(ctx, request.params)
      const { limit, after, ...filter } = request.query
      const page = { order: 'newest' as const, limit: oneMore(limit), after: afterId('release', after) }
      const { releases } = await listReleases(ctx, { project_id, ...filter, ...page })
      return pageOf(releases, limit, viewRelease, (row) => showId('release', row.id))
    },
  )

  server.post(
    all,
    {
      schema: {
        tags,
        summary: 'Make a release',
        params: ByKey,
        body: NewRelease,
        response: { 201: ref(Release) },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { id: project_id, kind } = await projectAt(ctx, request.params)
      const { name, description, branch = kind === 'content' ? 'main' : null } = request.body
      const made = viewRelease(await createRelease(ctx, { project_id, branch, name, description }))
      tag(reply, made.version)
      return reply.code(201).header('location', `${root}/releases/${made.id}`).send(made)
    },
  )

  server.get(
    one,
    { schema: { tags, summary: 'A release', params: ById, response: { 200: ref(Release) } } },
    async (request, reply) => {
      const ctx = callerOf(request)
      const release = await getReleaseById(ctx, { release_id: idIn('release', request.params.id) })
      tag(reply, release.version)
      return viewRelease(release)
    },
  )

  server.patch(
    one,
    {
      config: { versioned: true },
      schema: {
        tags,
        summary: 'Change a release',
        params: ById,
        body: ReleaseChange,
        response: { 200: ref(Release) },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const at = await releaseAt(ctx, request.params)
      const release = await updateRelease(ctx, { ...at, ...request.body, version: boundVersion(request) })
      tag(reply, release.version)
      return viewRelease(release)
    },
  )

  server.delete(
    one,
    {
      config: { versioned: true },
      schema: { tags, summary: 'Remove a release', params: ById, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const at = await releaseAt(ctx, request.params)
      await removeRelease(ctx, { ...at, version: boundVersion(request) })
      return reply.code(204).send(null)
    },
  )
  lockRoutes(server)
}

function lockRoutes(server: NativeServer): void {
  for (const [methods, verb, locked, summary] of [
    [['POST', 'PUT'], 'lock', true, 'Lock a release: no edits, and a gate for its deployments'],
    [['POST'], 'unlock', false, 'Unlock a release; its deployments may go on'],
    [['DELETE'], 'lock', false, 'Unlock a release; its deployments may go on'],
  ] as const) {
    server.route({
      method: [...methods],
      url: `${one}/${verb}`,
      config: { versioned: true },
      schema: {
        tags,
        summary,
        params: ById,
        body: Type.Optional(LockChange),
        response: { 200: ref(Release) },
      },
      handler: async (request, reply) => {
        const ctx = callerOf(request)
        const at = await releaseAt(ctx, request.params)
        const said = { locked, reason: request.body?.reason, version: boundVersion(request) }
        const release = await updateRelease(ctx, { ...at, ...said })
        tag(reply, release.version)
        return viewRelease(release)
      },
    })
  }

  server.post(
    `${one}/clone`,
    {
      schema: {
        tags,
        summary: 'A new, open release with the same items',
        params: ById,
        body: ReleaseClone,
        response: { 201: ref(Release) },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const made = viewRelease(
        await cloneRelease(ctx, { ...(await releaseAt(ctx, request.params)), ...request.body }),
      )
      tag(reply, made.version)
      return reply.code(201).header('location', `${root}/releases/${made.id}`).send(made)
    },
  )
}
