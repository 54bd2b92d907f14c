import { Type } from 'typebox'
import { PinnedRevision, Revision } from '#api/release.ts'
import { Page, PageQuery, ref } from '#api/schema.ts'
import { getRevision } from '#app/releases/get-revision.ts'
import { listRevisions } from '#app/releases/list-revisions.ts'
import { DomainError } from '#domain/errors.ts'
import { callerOf } from '../caller.ts'
import { oneMore, pageOf } from '../page.ts'
import { afterNumber, mostInt4, releaseAt } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewPinnedRevision, viewRevision } from '../views/release.ts'
import { ById } from './params.ts'

const ByIdAndNumber = Type.Object({ ...ById.properties, number: Type.String({ maxLength: 20 }) })

export function revisionRoutes(server: NativeServer): void {
  const tags = ['releases']
  const all = `${root}/releases/:id/revisions`

  server.get(
    all,
    {
      schema: {
        tags,
        summary: 'What was pinned of it, newest first',
        params: ById,
        querystring: PageQuery,
        response: { 200: Page(Revision) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { limit, after } = request.query
      const page = { limit: oneMore(limit), before: afterNumber(after, mostInt4) }
      const rows = await listRevisions(ctx, { ...(await releaseAt(ctx, request.params)), ...page })
      return pageOf(rows, limit, viewRevision, (row) => String(row.number))
    },
  )

  server.get(
    `${all}/:number`,
    {
      schema: {
        tags,
        summary: 'A revision with its items, by its number',
        params: ByIdAndNumber,
        response: { 200: ref(PinnedRevision) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { number } = request.params
      if (!/^[1-9][0-9]{0,8}$/.test(number))
        throw new DomainError('not_found', { what: 'revision', id: number })
      const release = await releaseAt(ctx, request.params)
      return viewPinnedRevision(await getRevision(ctx, { ...release, number: Number(number) }))
    },
  )
}
