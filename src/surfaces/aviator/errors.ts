import type { FastifyReply, FastifyRequest } from 'fastify'
import { asksGraphql, withErrors } from './graphql/errors.ts'
import { DomainError, type ErrorCode, type ErrorDetails, type FieldFault, type What } from '#domain/errors.ts'

/** Flat, as every release endpoint answers (section 2). `message` is for people, and left out where the text says all. */
export interface Saying {
  status: number
  error: string
  message?: string
  retry_after_seconds?: number
  /** What clients of GraphQL look for, beside it. */
  errors?: object[]
}

type Sayings = { [C in ErrorCode]: (details: ErrorDetails[C], route: string) => Saying }

const sayings: Sayings = {
  unauthenticated: ({ credential }) => ({
    status: 401,
    error: 'Unauthorized',
    message:
      credential === 'none'
        ? 'Send `Authorization: Bearer <token>`.'
        : 'The token is unknown or has expired, or its user is disabled.',
  }),
  forbidden: ({ detail }) => ({ status: 403, error: 'Forbidden', message: detail }),
  throttled: ({ retry_after_seconds }) => tooMany(retry_after_seconds),
  rate_limited: ({ retry_after_seconds }) => tooMany(retry_after_seconds),
  unavailable: ({ retry_after_seconds }) => ({
    ...{ status: 503, error: 'Service unavailable', retry_after_seconds },
    message: `Try again in ${retry_after_seconds} seconds.`,
  }),
  not_found: ({ what, id }, route) => {
    if (what === 'commit') return invalidCommit
    return { status: 404, error: missing(what, route) ?? `There is no ${what} ${id.slice(0, 200)}` }
  },
  already_exists: ({ what, id }) =>
    what === 'candidate' || what === 'release' || what === 'revision'
      ? { status: 409, error: 'Release candidate already exists' }
      : { status: 409, error: `There is a ${what} ${id.slice(0, 200)} already` },
  invalid: ({ faults }) => invalid(faults),
  version_conflict: ({ what }) => ({
    status: 409,
    error: `The ${what} was changed meanwhile`,
    message: 'Read it again, and try again.',
  }),
  release_locked: () => ({ status: 409, error: 'The release is locked' }),
  release_deployed: () => ({ status: 409, error: 'The release has been deployed' }),
  blocked: ({ blockers }) => {
    const message = blockers.map(({ detail, who }) => `${detail} (${who})`).join(' ')
    if (blockers.some(({ code }) => code === 'freeze')) return { status: 400, error: 'Environment is frozen' }
    return { status: 409, error: blockers.map(({ detail }) => detail).join(' '), message }
  },
  not_possible_now: ({ what, id, state, action }) => {
    if (what === 'candidate' && action === 'deploy')
      return {
        status: 400,
        error: 'Release candidate is not ready',
        message: `${id} ${standing[state] ?? `is ${plain(state)}`}.`,
      }
    const named = what === 'candidate' ? `release candidate ${id}` : what
    return {
      status: 409,
      error: `The ${named} ${standing[state] ?? `is ${plain(state)}`}: it cannot ${action}`,
    }
  },
  nothing_to_roll_back: () => nothingBefore,
  in_use: ({ what, by }) => ({ status: 409, error: `The ${what} is in use by ${by}` }),
  limit_reached: ({ limit, most }) => ({ status: 409, error: `At most ${most} ${limit} are allowed` }),
  too_large: ({ most_bytes }) => ({
    status: 413,
    error: 'Request body is too large',
    message: `At most ${most_bytes} bytes.`,
  }),
  malformed: ({ detail }) => ({ status: 400, error: 'Bad request', message: detail }),
  // No endpoint of this door takes a key.
  idempotency_key_reused: () => ({ status: 422, error: 'Idempotency-Key was sent with another request' }),
  idempotency_key_busy: () => ({ status: 409, error: 'A request with this Idempotency-Key is in progress' }),
  idempotency_key_done: () => ({ status: 409, error: 'The request with this Idempotency-Key was done' }),
  // Not connected, as far as a client can tell (2.9, no. 3).
  repository_unreachable: ({ detail }) => ({
    status: 404,
    error: 'GitHub repository not found',
    message: `It cannot be reached: ${detail}`,
  }),
  plan_stale: () => ({ status: 409, error: 'What is deployed has changed since this was planned' }),
}

const invalidCommit: Saying = { status: 400, error: 'Invalid commit hash' }
const nothingBefore: Saying = { status: 404, error: 'No previous deployment to roll back from' }

function missing(what: What, route: string): string | undefined {
  if (what === 'deployment') return /\/rollback/.test(route) ? nothingBefore.error : 'Deployment not found'
  if (what === 'candidate' && /sync-build/.test(route)) return 'Release cut not found'
  return missings[what]
}

const missings: { [W in What]?: string } = {
  project: 'Release project not found',
  environment: 'Release environment not found',
  release: 'Release not found',
  revision: 'Release not found',
  candidate: 'Release not found',
  repository: 'GitHub repository not found',
  run: 'Release cut not found',
}

/** The fields that the vendor has a sentence for (sections 2.1 to 2.3, 2.9). */
const ofField: Record<string, string> = {
  release_candidate_version: 'Invalid release candidate version',
  commit: 'Invalid commit hash',
  status: 'Invalid deployment status',
  version: 'Invalid release candidate version',
}

function invalid(faults: readonly FieldFault[]): Saying {
  const [first] = faults
  const known = first && ofField[first.field]
  if (known) return { status: 400, error: known }
  const message = faults.map(({ field, detail }) => `${field} ${detail}`).join('; ')
  return { status: 400, error: 'Invalid request', message: message.slice(0, 2000) }
}

function tooMany(retry_after_seconds: number): Saying {
  const message = `Try again in ${retry_after_seconds} seconds.`
  return { status: 429, error: 'Too many requests', message, retry_after_seconds }
}

/** How it is with a candidate that is not ready, and what would make it so. */
const standing: Record<string, string> = {
  building: 'is being built',
  build_failed: 'was not built: its build failed, and can be run again',
  picking: 'is being cherry-picked',
  pick_failed: 'was not cherry-picked: that failed, and can be tried again',
  conflicted: 'is in conflict: its resolution has to be accepted first',
  dropped: 'was dropped',
}

/** `partly_succeeded` is a word of ours. */
function plain(state: string): string {
  return state.replaceAll('_', ' ')
}

/** Answers any error. What is not the domain's is a 500 that names the request and nothing else. */
export function fail(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const saying = sayingOf(error, request)
  say(reply, asksGraphql(request) ? withErrors(saying, error) : saying)
}

/** An error in the vendor's voice, under the address of this request. */
export function sayingOf(error: unknown, request: FastifyRequest): Saying {
  if (!(error instanceof DomainError))
    return { status: 500, error: 'Internal server error', message: `Request ${request.id}.` }
  return sayingAt(error, request.routeOptions.url ?? request.url)
}

/** An error of the domain, under an address. */
export function sayingAt(error: DomainError, route: string): Saying {
  const tell = sayings[error.code as ErrorCode] as (details: unknown, route: string) => Saying
  return tell(error.details, route)
}

export function say(reply: FastifyReply, { status, retry_after_seconds, ...body }: Saying): void {
  if (status === 401) void reply.header('www-authenticate', 'Bearer')
  if (retry_after_seconds !== undefined) void reply.header('retry-after', retry_after_seconds)
  void reply
    .code(status)
    .type('application/json; charset=utf-8')
    .serializer(String)
    .send(JSON.stringify(body))
}
