import { Type } from 'typebox'
import { MovedItems, NewReleaseItems, ReleaseItem, RemovedItems } from '#api/release.ts'
import { List, OneOf, Page, SearchQuery } from '#api/schema.ts'
import { addReleaseItems } from '#app/releases/add-release-items.ts'
import { findReleaseItems } from '#app/releases/find-release-items.ts'
import { moveReleaseItems } from '#app/releases/move-release-items.ts'
import { refreshReleaseItems } from '#app/releases/refresh-release-items.ts'
import { removeReleaseItems } from '#app/releases/remove-release-items.ts'
import { callerOf } from '../caller.ts'
import { boundVersion } from '../entity-tag.ts'
import { oneMore, pageOf } from '../page.ts'
import { afterNumber, idField, releaseAt } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { ById } from './params.ts'

const ItemSearch = SearchQuery({
  kind: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
  action: Type.Optional(OneOf(['publish', 'unpublish', 'set'])),
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Part of its title or key' })),
})

export function releaseItemRoutes(server: NativeServer): void {
  const tags = ['releases']
  const items = `${root}/releases/:id/items`

  server.get(
    items,
    {
      schema: {
        tags,
        summary: 'Items, in the order in which they were added',
        params: ById,
        querystring: ItemSearch,
        response: { 200: Page(ReleaseItem) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { limit, after, ...filter } = request.query
      const rows = await findReleaseItems(ctx, {
        ...(await releaseAt(ctx, request.params)),
        ...filter,
        ...{ limit: oneMore(limit), after: afterNumber(after) },
      })
      return pageOf(
        rows,
        limit,
        ({ position: _, ...item }) => item,
        (row) => String(row.position),
      )
    },
  )

  server.post(
    items,
    {
      config: { versioned: true },
      schema: {
        tags,
        summary: 'Pin items; answers with all of the release',
        params: ById,
        body: NewReleaseItems,
        response: { 200: List(ReleaseItem) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const wanted = request.body.items.map(({ action = 'publish', ...item }) => ({ ...item, action }))
      return {
        items: await addReleaseItems(ctx, {
          ...(await releaseAt(ctx, request.params)),
          items: wanted,
          version: boundVersion(request),
        }),
        next: null,
      }
    },
  )

  server.delete(
    items,
    {
      config: { versioned: true },
      schema: {
        ...{
          tags,
          summary: 'Take items out; one that is not there is no error',
          params: ById,
          body: RemovedItems,
        },
        response: { 200: Type.Object({ removed: Type.Integer() }) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      return {
        removed: await removeReleaseItems(ctx, {
          ...(await releaseAt(ctx, request.params)),
          ...request.body,
          version: boundVersion(request),
        }),
      }
    },
  )

  server.post(
    `${items}/refresh`,
    {
      config: { versioned: true },
      schema: {
        tags,
        summary: 'Pin all items at their latest versions',
        params: ById,
        response: { 200: List(ReleaseItem) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const at = await releaseAt(ctx, request.params)
      return { items: await refreshReleaseItems(ctx, { ...at, version: boundVersion(request) }), next: null }
    },
  )
  moveRoute(server)
}

function moveRoute(server: NativeServer): void {
  server.post(
    `${root}/releases/:id/items/move`,
    {
      config: { versioned: true },
      schema: {
        tags: ['releases'],
        summary: 'Move items to another release, as they are pinned: all that are named or none',
        params: ById,
        body: MovedItems,
        response: { 200: Type.Object({ moved: Type.Integer() }) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { to, keys } = request.body
      const moved = await moveReleaseItems(ctx, {
        ...(await releaseAt(ctx, request.params)),
        ...{ to_release_id: idField('release', 'to', to), keys, version: boundVersion(request) },
      })
      return { moved: moved.length }
    },
  )
}
