import type { FastifyReply, FastifyRequest } from 'fastify'
import { invalidField } from '#domain/errors.ts'

/** A version as its ETag. */
export function tag(reply: FastifyReply, version: number): void {
  void reply.header('etag', `"${version}"`)
}

/** The version that If-Match binds a change to; undefined where there is none, or it is `*`. Throws `invalid`. */
export function boundVersion({ headers }: FastifyRequest): number | undefined {
  const header = headers['if-match']?.trim()
  if (header === undefined || header === '*') return undefined
  // A proxy that compresses makes a strong tag weak; the version is the same.
  const [, version] = /^(?:W\/)?"([0-9]{1,9})"$/.exec(header) ?? []
  if (!version) throw invalidField('headers.if-match', 'invalid', 'is no ETag of ours, such as "3"')
  return Number(version)
}
