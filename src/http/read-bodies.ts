import type { FastifyInstance, FastifyRequest } from 'fastify'
import { malformed } from './hall-error.ts'
import { readJson } from './read-json.ts'

/**
 * Which bodies are read: JSON, by its content type or where none is given. Multipart has its own reader. Any other
 * is refused, but only where there is a route: an unknown path is unknown whatever is sent to it.
 */
export function readBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers()
  const json = { parseAs: 'buffer' } as const
  server.addContentTypeParser(/^application\/([a-z0-9.-]+\+)?json\b/, json, read)
  server.addContentTypeParser('*', json, (request, body: Buffer, done) => {
    if (request.headers['content-type'] === undefined) return read(request, body, done)
    if (body.length === 0 || request.is404) return done(null, undefined)
    return done(malformed('The content type is not one that is read here: send application/json.'))
  })
}

type Done = (error: Error | null, body?: unknown) => void

function read(request: FastifyRequest, body: Buffer, done: Done): void {
  if (request.is404) return done(null, undefined)
  const coding = request.headers['content-encoding'] ?? 'identity'
  if (coding !== 'identity')
    return done(malformed(`Bodies are not read in the content coding ${coding.slice(0, 20)}.`))
  try {
    done(null, readJson(body))
  } catch (error) {
    done(error as Error)
  }
}
