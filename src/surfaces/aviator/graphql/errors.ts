import type { FastifyRequest } from 'fastify'
import { DomainError, type ErrorCode } from '#domain/errors.ts'

/** What the clients of GraphQL servers call errors. */
const graphqlCodes: Record<ErrorCode, string> = {
  unauthenticated: 'UNAUTHENTICATED',
  forbidden: 'FORBIDDEN',
  throttled: 'RATE_LIMITED',
  rate_limited: 'RATE_LIMITED',
  unavailable: 'UNAVAILABLE',
  not_found: 'NOT_FOUND',
  already_exists: 'CONFLICT',
  invalid: 'BAD_USER_INPUT',
  version_conflict: 'CONFLICT',
  release_locked: 'CONFLICT',
  release_deployed: 'CONFLICT',
  blocked: 'BLOCKED',
  not_possible_now: 'CONFLICT',
  in_use: 'CONFLICT',
  limit_reached: 'CONFLICT',
  too_large: 'BAD_REQUEST',
  malformed: 'BAD_REQUEST',
  idempotency_key_reused: 'CONFLICT',
  idempotency_key_busy: 'CONFLICT',
  idempotency_key_done: 'CONFLICT',
  plan_stale: 'CONFLICT',
  nothing_to_roll_back: 'CONFLICT',
  repository_unreachable: 'UNAVAILABLE',
}

export const paths = ['/graphql', '/api/graphql']

/** Whether a request was for GraphQL, whose clients look for `errors`. */
export function asksGraphql({ url }: FastifyRequest): boolean {
  const path = url
    .split(/[?#]/, 1)[0]!
    .toLowerCase()
    .replaceAll(/\/{2,}/g, '/')
    .replace(/(?<=.)\/$/, '')
  return paths.includes(path)
}

/** What an endpoint says flatly, with what clients of GraphQL look for beside it. */
export function withErrors<Said extends { error: string; message?: string }>(
  saying: Said,
  error: unknown,
): Said & { errors: object[] } {
  const { error: text, message = text } = saying
  return { ...saying, errors: [{ message, extensions: { code: codeOf(error) } }] }
}

/** The code of whatever was thrown. */
export function codeOf(error: unknown): string {
  return error instanceof DomainError ? graphqlCodes[error.code as ErrorCode] : 'INTERNAL_SERVER_ERROR'
}
