import type { FastifyRequest } from 'fastify'
import type { GraphQLError } from 'graphql'
import { DomainError } from '#domain/errors.ts'
import { asGitTrouble } from '#domain/git-trouble.ts'
import { isPassing } from '#domain/passing-error.ts'
import { sayingOf } from '../errors.ts'
import { codeOf } from './errors.ts'

/** Errors as clients read them: what is not theirs to know is the request's id and nothing else. */
export function sayErrors(errors: readonly GraphQLError[], request: FastifyRequest): object[] {
  return errors.map((error) => {
    const { locations, path } = error
    const place = { ...(locations && { locations }), ...(path && { path }) }
    const { message, extensions } = said(error, request)
    return { message, ...place, extensions }
  })
}

function said(error: GraphQLError, request: FastifyRequest): { message: string; extensions: object } {
  const cause = inOurWords(causeOf(error))
  if (cause instanceof DomainError) {
    const { error: text, message } = sayingOf(cause, request)
    const whole = message && message !== text ? `${text}: ${message}` : text
    const { details } = cause
    const more =
      'faults' in details
        ? { faults: details.faults }
        : 'blockers' in details
          ? { blockers: details.blockers }
          : {}
    return { message: whole, extensions: { code: codeOf(cause), ...more } }
  }
  // A scope that reads one thing and not what it belongs to.
  if (cause instanceof Error && cause.message.startsWith('Cannot return null for non-nullable field'))
    return {
      message: `${error.path?.join('.') ?? 'It'} is not there any more, or you may not see it.`,
      extensions: { code: 'FORBIDDEN' },
    }
  if (cause !== undefined) {
    request.log.error({ err: cause, request_id: request.id }, 'a document could not be answered')
    const message = `Something broke here. The log has it under request ${request.id}.`
    return { message, extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: request.id } }
  }
  // What GraphQL itself has to say: syntax, validation, values of variables, limits.
  const { code = 'GRAPHQL_VALIDATION_FAILED' } = error.extensions as { code?: string }
  return { message: error.message.slice(0, 2000), extensions: { code } }
}

/** A restart of the store takes about as long. */
const retryAfterSeconds = 2

/** What git or the store could not do is no fault of the document, nor of ours. */
function inOurWords(cause: unknown): unknown {
  if (isPassing(cause)) return new DomainError('unavailable', { retry_after_seconds: retryAfterSeconds })
  return asGitTrouble(cause)
}

/** What was thrown beneath, if it was anything else than an error of GraphQL. */
function causeOf(error: GraphQLError): unknown {
  let cause: unknown = error.originalError
  while (cause instanceof Error && cause.name === 'GraphQLError')
    cause = (cause as GraphQLError).originalError
  return cause
}
