import type { FastifyReply, FastifyRequest } from 'fastify'
import { DomainError, isDomainError, type ErrorCode } from '#domain/errors.ts'
import { sayPlainly } from './answers.ts'

/**
 * What can be met here. A place that is not there is a 400 and no 404: Terraform takes a 404 for a state that does not
 * exist yet, and would make everything once more for a name that was mistyped.
 */
const statuses: { [C in ErrorCode]?: number } = {
  unauthenticated: 401,
  forbidden: 403,
  throttled: 429,
  rate_limited: 429,
  unavailable: 503,
  not_found: 400,
  malformed: 400,
  invalid: 400,
  too_large: 413,
}

export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const status = error instanceof DomainError ? statuses[error.code as ErrorCode] : undefined
  if (!(error instanceof DomainError) || status === undefined) {
    if (error instanceof DomainError) request.log.error({ err: error }, 'a state could not be seen to')
    void sayPlainly(reply, 500, `Something broke here. The log has it under the request id ${request.id}.`)
    return
  }
  if (status === 401) void reply.header('www-authenticate', 'Basic realm="Headgate", charset="UTF-8"')
  if ('retry_after_seconds' in error.details)
    void reply.header('retry-after', Number(error.details.retry_after_seconds))
  void sayPlainly(reply, status, detailOf(error))
}

export function answerUnmatched(request: FastifyRequest, reply: FastifyReply): void {
  void sayPlainly(
    reply,
    400,
    `${request.method} is not served here: a state is at /terraform-state/<project>/<environment>.`,
  )
}

function detailOf(error: DomainError): string {
  if (isDomainError(error, 'not_found'))
    return `There is no such environment of infrastructure: ${error.details.id.slice(0, 200)}.`
  if (isDomainError(error, 'too_large')) return `At most ${error.details.most_bytes} bytes are taken here.`
  if (isDomainError(error, 'invalid'))
    return error.details.faults.map(({ field, detail }) => `${field} ${detail}`).join('; ')
  const { details } = error
  if ('detail' in details) return String(details.detail)
  if ('retry_after_seconds' in details) return `Try again in ${String(details.retry_after_seconds)} seconds.`
  return 'Send a user’s e-mail address and password, or a token in place of the password, as Basic credentials.'
}
