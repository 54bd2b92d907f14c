import type { FastifyReply, FastifyRequest } from 'fastify'
import { DomainError, isDomainError } from '#domain/errors.ts'
import type { Surface } from '#surfaces/contract.ts'
import { toDomainError } from './hall-error.ts'

/** Who answers where no route did: the first surface that claims the path, or the hall itself. */
export interface Voice {
  fail(error: unknown, request: FastifyRequest, reply: FastifyReply): void
  unmatched(request: FastifyRequest, reply: FastifyReply): void
}

export function createVoice(surfaces: readonly Surface[]): Voice {
  const speaker = ({ raw }: FastifyRequest) => {
    const path = pathOf(raw.url ?? '/')
    return surfaces.find((surface) => surface.claims(path))
  }
  return {
    fail(error, request, reply) {
      const said = toDomainError(error)
      const line = { err: error, request_id: request.id }
      if (!(said instanceof DomainError)) request.log.error(line, 'request failed')
      else if (said.code === 'unavailable') request.log.warn(line, 'the store did not answer a request')
      else if (said !== error && said.code === 'repository_unreachable')
        request.log.warn(line, 'git could not do what a request needed')
      try {
        const surface = speaker(request)
        if (surface) surface.fail(said, request, reply)
        else failPlainly(said, request, reply)
      } catch (fault) {
        request.log.error({ err: fault, request_id: request.id }, 'a surface could not say its error')
        failPlainly(fault, request, reply)
      }
    },
    unmatched(request, reply) {
      const surface = speaker(request)
      if (surface) surface.unmatched(request, reply)
      else answer(request, reply, 404, 'Nothing is served at this path.')
    },
  }
}

/** Without query, in lower case, with single slashes and none at the end: as the router matches it. */
export function pathOf(url: string): string {
  const [path = '/'] = url.split(/[?#]/, 1)
  return path
    .toLowerCase()
    .replaceAll(/\/{2,}/g, '/')
    .replace(/(?<=.)\/$/, '')
}

function failPlainly(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  if (isDomainError(error, 'malformed')) answer(request, reply, 400, error.details.detail)
  else if (isDomainError(error, 'too_large'))
    answer(request, reply, 413, `A body may have ${error.details.most_bytes} bytes here.`)
  else if (isDomainError(error, 'unavailable')) {
    void reply.header('retry-after', error.details.retry_after_seconds)
    answer(request, reply, 503, 'The store does not answer.')
  } else answer(request, reply, 500)
}

const titles: Record<number, string> = {
  400: 'Bad Request',
  404: 'Not Found',
  413: 'Content Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

function answer(request: FastifyRequest, reply: FastifyReply, status: number, detail?: string): void {
  const problem = { type: 'about:blank', title: titles[status], status, detail, request_id: request.id }
  void reply.code(status).type('application/problem+json').send(JSON.stringify(problem))
}
