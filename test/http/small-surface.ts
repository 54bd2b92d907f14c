import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { DomainError } from '#domain/errors.ts'
import type { Surface } from '#surfaces/contract.ts'

/** A surface of a few routes that show what reaches them. It speaks plainly: `<name> <code>`. */
export function smallSurface(name: string): Surface {
  const root = `/${name}`
  const say = (request: FastifyRequest, code: string, detail: string) =>
    JSON.stringify({ voice: name, code, detail, id: request.id })
  return {
    name,
    claims: (path) => path === root || path.startsWith(`${root}/`),
    fail(error, request, reply) {
      const known = error instanceof DomainError
      const status = !known ? 500 : error.code === 'too_large' ? 413 : error.code === 'invalid' ? 422 : 400
      void reply
        .code(status)
        .send(say(request, known ? error.code : 'internal', known ? JSON.stringify(error.details) : ''))
    },
    unmatched: (request, reply) => void reply.code(404).send(say(request, 'unmatched', '')),
    mount(server) {
      const Body = Type.Object(
        { n: Type.Integer(), s: Type.Optional(Type.String({ maxLength: 5 })) },
        { additionalProperties: false },
      )
      const Query = Type.Object({
        n: Type.Integer({ default: 7 }),
        b: Type.Optional(Type.Boolean()),
        l: Type.Optional(Type.Array(Type.String())),
      })
      server.get(`${root}/echo/:word`, { schema: { querystring: Query } }, ({ params, query }) => ({
        params,
        query,
      }))
      server.get(`${root}/raw`, ({ query }) => ({ query }))
      server.post(`${root}/exact`, { schema: { body: Body } }, ({ body }) => ({ body }))
      server.post(`${root}/any`, ({ body }) => ({ body: body ?? 'none' }))
      server.delete(`${root}/any`, ({ body }) => ({ body: body ?? 'none' }))
      server.get(`${root}/broken`, () => {
        throw new Error('the cause, with a secret in it')
      })
      server.post(`${root}/upload`, async (request) => {
        const seen: Record<string, number> = {}
        for await (const part of request.parts())
          seen[part.fieldname] = part.type === 'file' ? (await part.toBuffer()).length : 0
        return seen
      })
    },
  }
}
