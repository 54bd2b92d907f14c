import { hash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { invalidField } from '#domain/errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Honours If-Match, by `boundVersion`. */
    versioned?: boolean
  }
}

const safe = ['GET', 'HEAD', 'OPTIONS']
const versions = new WeakMap<FastifyRequest, number>()

/** The version of what is answered; an answer that has a `version` of its own needs no telling. */
export function tag({ request }: FastifyReply, version: number): void {
  versions.set(request, version)
}

/**
 * ETags, for every answer that is JSON. What has a version is tagged with it and, after a dot, with what it looks
 * like to this caller: a deployment may gain a blocker without having changed. If-Match reads the version alone,
 * If-None-Match all of it. Answers are kept by nobody without asking.
 */
export function tagAnswers(server: FastifyInstance): void {
  // With `done`, and not as promises: they are on the way of every answer.
  server.addHook('preValidation', (request, _reply, done) => done(unbound(request)))

  server.addHook('preSerialization', (request, _reply, payload, done) => {
    const version = (payload as { version?: unknown } | null)?.version
    if (!versions.has(request) && Number.isInteger(version)) versions.set(request, version as number)
    done(null, payload)
  })

  server.addHook('onSend', (request, reply, payload, done) => {
    const read = request.method === 'GET' || request.method === 'HEAD'
    if (!reply.hasHeader('cache-control'))
      void reply.header('cache-control', read && reply.statusCode === 200 ? 'private, no-cache' : 'no-store')
    const etag = tagOf(request, reply, payload, read)
    if (etag === undefined) return done(null, payload)
    void reply.header('etag', etag)
    if (!read || !matches(request.headers['if-none-match'], etag)) return done(null, payload)
    void reply.code(304).removeHeader('content-type').removeHeader('content-length')
    done(null, '')
  })
}

function tagOf(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  read: boolean,
): string | undefined {
  if (typeof payload !== 'string' || reply.statusCode >= 300 || reply.hasHeader('etag')) return undefined
  const version = versions.get(request)
  if (version === undefined && !read) return undefined
  const looks = hash('sha256', payload, 'base64url').slice(0, 16)
  return version === undefined ? `W/"${looks}"` : `"${version}.${looks}"`
}

/** The version that If-Match binds a change to; undefined where there is none, or it is `*`. Throws `invalid`. */
export function boundVersion({ headers, routeOptions }: FastifyRequest): number | undefined {
  if (!routeOptions.config.versioned)
    throw new Error(`${routeOptions.url} reads If-Match and does not say that it is versioned`)
  const header = headers['if-match']?.trim()
  if (header === undefined || header === '*') return undefined
  // A proxy that compresses makes a strong tag weak; the version is the same.
  const [, version] = /^(?:W\/)?"([0-9]{1,9})(?:\.[\w-]{1,64})?"$/.exec(header) ?? []
  if (!version) throw invalidField('headers.if-match', 'invalid', 'is no ETag of ours, such as "3"')
  return Number(version)
}

/** If-Match binds: where a change could not honour it, it is not made. */
function unbound({ headers, method, routeOptions }: FastifyRequest): Error | undefined {
  const header = headers['if-match']
  if (header === undefined || header.trim() === '*' || safe.includes(method)) return undefined
  if (routeOptions.config.versioned) return undefined
  return invalidField('headers.if-match', 'unknown', 'binds nothing here: this has no version')
}

/** By weak comparison (RFC 9110, 13.1.2). */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  const bare = etag.replace(/^W\//, '')
  return header.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === bare)
}
