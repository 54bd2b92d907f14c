import type { FastifyReply, FastifyRequest } from 'fastify'
import { DomainError, type ErrorCode } from '#domain/errors.ts'

/** What a callback can meet. Anything else is a fault of ours. */
const sayings: { [C in ErrorCode]?: { status: number; title: string } } = {
  unauthenticated: { status: 401, title: 'Not authenticated' },
  invalid: { status: 422, title: 'Not valid' },
  malformed: { status: 400, title: 'Not readable' },
  too_large: { status: 413, title: 'Too large' },
  not_possible_now: { status: 409, title: 'It is over' },
  not_found: { status: 404, title: 'Not found' },
  unavailable: { status: 503, title: 'Not available now' },
  rate_limited: { status: 429, title: 'Too many requests' },
}

/** RFC 9457, like our own API. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const known: DomainError | undefined = error instanceof DomainError ? error : undefined
  const saying = known && sayings[known.code as ErrorCode]
  if (!known || !saying) {
    request.log.error({ err: error }, 'a callback could not be taken')
    const detail = 'The log has it under this request id.'
    return answer(request, reply, { status: 500, title: 'Something broke here', code: 'internal', detail })
  }
  const { details } = known
  if ('retry_after_seconds' in details) void reply.header('retry-after', details.retry_after_seconds)
  answer(request, reply, { ...saying, code: known.code, detail: detailOf(known, request.url) })
}

export function answerUnmatched(request: FastifyRequest, reply: FastifyReply): void {
  const detail = `${request.method} is not served at this path.`
  answer(request, reply, { status: 404, title: 'Not found', code: 'not_found', detail })
}

function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: { status: number; title: string; code: string; detail: string },
): void {
  const { status, code } = problem
  if (status === 401) void reply.header('www-authenticate', 'Bearer')
  void reply
    .code(status)
    .type('application/problem+json')
    .serializer(String)
    .send(JSON.stringify({ type: `urn:headgate:problem:${code}`, ...problem, request_id: request.id }))
}

function detailOf({ code, details }: DomainError, url: string): string {
  if (code === 'invalid' && 'faults' in details)
    return details.faults
      .map((fault) => ('field' in fault ? `${fault.field} ${fault.detail}` : ''))
      .join('; ')
  if (code === 'not_possible_now' && 'action' in details)
    return `It has ended already and cannot ${String(details.action)}: nothing was changed.`
  if (code === 'too_large' && 'most_bytes' in details)
    return `A callback may have ${details.most_bytes} bytes.`
  if ('retry_after_seconds' in details) return `Try again in ${details.retry_after_seconds} seconds.`
  if ('detail' in details) return String(details.detail)
  if (!/\/callbacks\//i.test(url))
    return 'The signature or the token is not by the secret that headgate.yaml has for this (hook_secret).'
  return 'Send `Authorization: Bearer` with the token of the dispatch that this is about.'
}
