import type { FastifyReply, FastifyRequest } from 'fastify'
import { DomainError, type ErrorCode, type ErrorDetails, type FieldFault, type What } from '#domain/errors.ts'

/** The vendor's ErrorDetails (section 2.6): two texts. `code` is the status. */
export interface Saying {
  status: number
  message: string
  retry_after_seconds?: number
}

type Sayings = { [C in ErrorCode]: (details: ErrorDetails[C]) => Saying }

/** The only body of an error that the vendor has published (section 2.6). */
const busy: Saying = { status: 403, message: 'A deployment is already in progress' }

const sayings: Sayings = {
  unauthenticated: ({ credential }) => ({
    status: 401,
    message:
      credential === 'none'
        ? 'Sign in by HTTP Basic, with your e-mail address and a token.'
        : 'The user, the token or the password is unknown, or has expired, or is disabled.',
  }),
  forbidden: ({ detail }) => ({ status: 403, message: detail }),
  throttled: ({ retry_after_seconds }) => tooMany(retry_after_seconds),
  rate_limited: ({ retry_after_seconds }) => tooMany(retry_after_seconds),
  unavailable: ({ retry_after_seconds }) => ({
    ...{ status: 503, retry_after_seconds },
    message: `Not available now: try again in ${retry_after_seconds} seconds.`,
  }),
  not_found: ({ what, id }) => ({ status: 404, message: `There is no ${nameOf(what)} ${cut(id)}` }),
  already_exists: ({ what, id }) => ({
    status: 409,
    message: `There is a ${nameOf(what)} ${cut(id)} already`,
  }),
  invalid: ({ faults }) => ({ status: 400, message: faults.map(sayFault).join('; ').slice(0, 2000) }),
  version_conflict: ({ what }) => ({
    status: 409,
    message: `The ${nameOf(what)} was changed meanwhile: read it again, and try again.`,
  }),
  release_locked: () => ({ status: 409, message: 'The release is locked.' }),
  release_deployed: () => ({ status: 409, message: 'The release has been deployed.' }),
  // Whoever cannot wait meets what runs first; what else is shut is a sentence of its own (section 3).
  blocked: ({ blockers }) => {
    const others = blockers.filter(({ code }) => code !== 'busy')
    if (others.length === 0) return busy
    return { status: 403, message: others.map(({ detail, who }) => `${detail} (${who})`).join(' ') }
  },
  not_possible_now: ({ what, state, action }) => ({
    status: 409,
    message: `The ${nameOf(what)} is ${plain(state)}: it cannot ${plain(action)}.`,
  }),
  nothing_to_roll_back: () => ({ status: 409, message: 'All of it was changed again since.' }),
  in_use: ({ what, by }) => ({ status: 409, message: `The ${nameOf(what)} is in use by ${by}.` }),
  limit_reached: ({ limit, most }) => ({ status: 409, message: `At most ${most} ${limit} are allowed.` }),
  too_large: ({ most_bytes }) => ({ status: 413, message: `A body may have ${most_bytes} bytes here.` }),
  malformed: ({ detail }) => ({ status: 400, message: detail }),
  // No endpoint of this door takes a key.
  idempotency_key_reused: () => ({ status: 422, message: 'Idempotency-Key was sent with another request.' }),
  idempotency_key_busy: () => ({
    status: 409,
    message: 'A request with this Idempotency-Key is in progress.',
  }),
  idempotency_key_done: () => ({ status: 409, message: 'The request with this Idempotency-Key was done.' }),
  repository_unreachable: ({ repository, detail }) => ({
    status: 409,
    message: `The repository ${repository} cannot be read: ${detail}`,
  }),
  plan_stale: () => ({ status: 409, message: 'What is there has changed since this was planned.' }),
}

/** What people of this vendor call it. */
const names: { [W in What]?: string } = {
  project: 'stack',
  environment: 'cluster',
  item: 'resource',
}

function nameOf(what: What): string {
  return names[what] ?? what
}

function sayFault({ field, detail }: FieldFault): string {
  return `${field} ${detail}`
}

function tooMany(retry_after_seconds: number): Saying {
  return {
    ...{ status: 429, retry_after_seconds },
    message: `Too many requests: try again in ${retry_after_seconds} seconds.`,
  }
}

function cut(text: string): string {
  return text.slice(0, 200)
}

function plain(state: string): string {
  return state.replaceAll('_', ' ')
}

/** Answers any error. What is not the domain's is a 500 that names the request and nothing else. */
export function fail(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  say(reply, sayingOf(error, request))
}

function sayingOf(error: unknown, request: FastifyRequest): Saying {
  if (!(error instanceof DomainError)) return { status: 500, message: `Something broke: ${request.id}` }
  const tell = sayings[error.code as ErrorCode] as (details: unknown) => Saying
  return tell(error.details)
}

export function say(reply: FastifyReply, { status, message, retry_after_seconds }: Saying): void {
  if (status === 401) void reply.header('www-authenticate', 'Basic realm="Headgate", charset="UTF-8"')
  if (retry_after_seconds !== undefined) void reply.header('retry-after', retry_after_seconds)
  void reply
    .code(status)
    .type('application/json; charset=utf-8')
    .serializer(String)
    .send(JSON.stringify({ message, code: String(status) }))
}
