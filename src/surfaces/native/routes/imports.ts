import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { ExportQuery, Import, ImportNote, KeptFiles, NewImport } from '#api/import.ts'
import { Page, PageQuery, ref } from '#api/schema.ts'
import type { Context } from '#app/context.ts'
import type { ContentFormats } from '#app/imports/content-format.ts'
import { continueImport } from '#app/imports/continue-import.ts'
import { createImport } from '#app/imports/create-import.ts'
import { exportContent } from '#app/imports/export-content.ts'
import { getImport, listImportNotes, removeImport } from '#app/imports/get-import.ts'
import { keepImportFiles } from '#app/imports/keep-import-files.ts'
import { DomainError } from '#domain/errors.ts'
import { showId } from '#domain/ids.ts'
import { callerOf } from '../caller.ts'
import { oneMore, pageOf } from '../page.ts'
import { afterNumber, idIn, mostInt4, projectAt } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewImport, viewImportNote } from '../views/import.ts'
import { ByKey } from './params.ts'

const tags = ['catalogue']
const tarType = 'application/x-tar'
const ByKeyAndId = Type.Object({
  key: ByKey.properties.key,
  id: Type.String({ minLength: 1, maxLength: 200 }),
})

async function importAt(ctx: Context, { key, id }: { key: string; id: string }) {
  const { id: project_id } = await projectAt(ctx, { key })
  return { project_id, import_id: idIn('import', id) }
}

/** Content in from the files of another system, and out again in the same layout. */
export function importRoutes(server: NativeServer, formats: ContentFormats): void {
  const all = `${root}/projects/:key/import`
  const one = `${all}/:id`
  server.post(
    all,
    {
      schema: {
        tags,
        summary: 'Begin to bring content in; files are sent next',
        params: ByKey,
        body: NewImport,
        response: { 201: ref(Import) },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { id: project_id } = await projectAt(ctx, request.params)
      const made = await createImport(ctx, formats, { branch: 'main', ...request.body, project_id })
      const at = `${root}/projects/${request.params.key}/import/${showId('import', made.id)}`
      return reply.code(201).header('location', at).send(viewImport(made))
    },
  )

  server.get(
    one,
    {
      schema: {
        tags,
        summary: 'An import, and how far it is',
        params: ByKeyAndId,
        response: { 200: ref(Import) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      return viewImport(await getImport(ctx, await importAt(ctx, request.params)))
    },
  )

  server.delete(
    one,
    {
      schema: {
        tags,
        summary: 'Forget an import and its files; what it brought in stays',
        params: ByKeyAndId,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      await removeImport(ctx, await importAt(ctx, request.params))
      return reply.code(204).send(null)
    },
  )

  readingRoutes(server, formats, one)
  exportRoute(server, formats)
}

/** What is sent for an import, and what becomes of it. */
function readingRoutes(server: NativeServer, formats: ContentFormats, one: string): void {
  // Read as it comes in, by the handler: no body is held in memory.
  server.addContentTypeParser([tarType, 'application/gzip'], (_request, _payload, done) =>
    done(null, undefined),
  )

  server.put(
    `${one}/files`,
    {
      schema: {
        tags,
        summary: `Send files for it, as a tar (${tarType}, or a gzip of one): any number of tars, in any order`,
        params: ByKeyAndId,
        response: { 200: ref(KeptFiles) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const key = await importAt(ctx, request.params)
      try {
        return await keepImportFiles(ctx, formats, { ...key, tar: bodyOf(request) })
      } catch (error) {
        // What is still coming is let through, so that whoever sends it reads why it was refused.
        request.raw.resume()
        throw error
      }
    },
  )

  server.post(
    `${one}/run`,
    {
      schema: {
        tags,
        summary: 'Read on in what was sent; to be sent again until it is finished',
        params: ByKeyAndId,
        response: { 200: ref(Import) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      return viewImport(await continueImport(ctx, formats, await importAt(ctx, request.params)))
    },
  )

  server.get(
    `${one}/notes`,
    {
      schema: {
        tags,
        summary: 'What was left out, taken otherwise than it came, or not published',
        params: ByKeyAndId,
        querystring: PageQuery,
        response: { 200: Page(ImportNote) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { limit, after } = request.query
      const key = await importAt(ctx, request.params)
      const rows = await listImportNotes(ctx, {
        ...key,
        limit: oneMore(limit),
        after: afterNumber(after, mostInt4),
      })
      return pageOf(rows, limit, viewImportNote, ({ position }) => String(position))
    },
  )
}

function exportRoute(server: NativeServer, formats: ContentFormats): void {
  server.get(
    `${root}/projects/:key/export`,
    {
      schema: {
        tags,
        summary: 'A branch as a tar, in the layout that it can be brought in from',
        params: ByKey,
        querystring: ExportQuery,
        response: {
          200: Type.Unsafe<unknown>({
            description: 'OK',
            content: { [tarType]: { schema: { type: 'string' } } },
          }),
        },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { id: project_id } = await projectAt(ctx, request.params)
      const { format, branch = 'main' } = request.query
      const tar = await exportContent(ctx, formats, { project_id, branch, format })
      reply.header('content-disposition', `attachment; filename="${format}.tar"`)
      return reply.type(tarType).send(tar as never)
    },
  )
}

/** The body as it comes in. Whoever stops reading it does not end the connection. */
function bodyOf(request: FastifyRequest): Readable {
  const type = request.headers['content-type'] ?? ''
  if (!/^application\/(x-tar|gzip)\b/i.test(type))
    throw new DomainError('malformed', { detail: `Send a tar, as ${tarType}.` })
  return Readable.from(request.raw.iterator({ destroyOnReturn: false }), { objectMode: false })
}
