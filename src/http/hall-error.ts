import { DomainError } from '#domain/errors.ts'
import { asGitTrouble } from '#domain/git-trouble.ts'
import { isPassing } from '#domain/passing-error.ts'
import { limits } from './limits.ts'

/** What Fastify and its plugins throw. */
interface HallError extends Error {
  code?: string
  statusCode?: number
}

/** A restart of the store takes about as long. */
const retryAfterSeconds = 2

/** What the multipart parser throws without a status when an upload is broken. */
const brokenUpload = /^Multipart: Boundary not found|multipart data$|^Part terminated early/

/**
 * The refusals of the hall in the words of the domain, so that a surface has one kind of error to say. What is left
 * as it was is a fault of ours.
 */
export function toDomainError(error: unknown): unknown {
  if (error instanceof DomainError || !(error instanceof Error)) return error
  const { code, statusCode, message } = error as HallError
  if (code === 'FST_REQ_FILE_TOO_LARGE') return new DomainError('too_large', { most_bytes: limits.upload })
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new DomainError('too_large', { most_bytes: limits.body })
  if (code === 'FST_ERR_BAD_URL') return malformed('The path is not well percent-encoded UTF-8.')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return malformed('The content type is not one that is read here.')
  if (brokenUpload.test(message)) return malformed('The upload is not well-formed multipart/form-data.')
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return malformed(`${message}.`)
  if (isPassing(error)) return new DomainError('unavailable', { retry_after_seconds: retryAfterSeconds })
  return asGitTrouble(error)
}

export function malformed(detail: string): DomainError<'malformed'> {
  return new DomainError('malformed', { detail })
}
