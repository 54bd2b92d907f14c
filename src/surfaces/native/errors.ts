import type { Problem } from '#api/problem.ts'
import type { DomainError, ErrorCode, ErrorDetails, What } from '#domain/errors.ts'
import { readId, showId, type Noun } from '#domain/ids.ts'

type Saying = Pick<Problem, 'title' | 'status'> &
  Partial<Pick<Problem, 'detail' | 'faults' | 'blockers' | 'conflicts' | 'retry_after_seconds'>>

type Sayings = { [C in ErrorCode]: (details: ErrorDetails[C]) => Saying }

/** What each error is in RFC 9457's words. A missing one does not compile. */
const sayings: Sayings = {
  unauthenticated: ({ credential }) => ({
    status: 401,
    title: 'Not signed in',
    detail:
      credential === 'none'
        ? 'Send a bearer token, or Basic credentials.'
        : `The ${credential} is not valid.`,
  }),
  forbidden: ({ detail }) => ({ status: 403, title: 'Not allowed', detail }),
  throttled: ({ retry_after_seconds }) => ({
    status: 429,
    title: 'Too many wrong passwords',
    detail: `Try again in ${retry_after_seconds} seconds.`,
    retry_after_seconds,
  }),
  unavailable: ({ retry_after_seconds }) => ({
    status: 503,
    title: 'Not available now',
    detail: `The store does not answer. Try again in ${retry_after_seconds} seconds.`,
    retry_after_seconds,
  }),
  not_found: ({ what, id }) => ({
    status: 404,
    title: 'Not found',
    detail: `There is no ${what} ${name(what, id)}.`,
  }),
  already_exists: ({ what, id }) => ({
    status: 409,
    title: 'Already there',
    detail: `There is a ${what} ${name(what, id)} already.`,
  }),
  invalid: ({ faults }) => ({
    status: 422,
    title: 'Not valid',
    detail: faults
      .map(({ field, detail }) => `${field} ${detail}`)
      .join('; ')
      .slice(0, 2000),
    faults,
  }),
  version_conflict: ({ what, id, version }) => ({
    status: 412,
    title: 'Changed meanwhile',
    detail: `The ${what} ${name(what, id)} is at version ${version}: read it again.`,
  }),
  release_locked: ({ by }) => ({
    status: 409,
    title: 'The release is locked',
    detail: by === 'user' ? 'A user locked it.' : 'A deployment locked it; unlock it, or clone it.',
  }),
  release_deployed: () => ({
    status: 409,
    title: 'The release has been deployed',
    detail: 'It keeps the versions that it was deployed with. Clone it.',
  }),
  blocked: ({ blockers }) => ({
    status: 409,
    title: 'Blocked',
    detail: blockers.map(({ detail }) => detail).join(' '),
    blockers,
  }),
  not_possible_now: ({ what, id, state, action }) => ({
    status: 409,
    title: 'Not possible now',
    detail: `The ${what} ${name(what, id)} is ${state}: it cannot ${action}.`,
  }),
  nothing_to_roll_back: ({ deployment_id, conflicts }) => ({
    status: 409,
    title: 'Nothing to roll back',
    detail: `All that deployment ${name('deployment', deployment_id)} did has been changed since.`,
    conflicts,
  }),
  in_use: ({ what, id, by }) => ({
    status: 409,
    title: 'In use',
    detail: `The ${what} ${name(what, id)} is in use by ${by}.`,
  }),
  limit_reached: ({ limit, most }) => ({
    status: 409,
    title: 'Limit reached',
    detail: `At most ${most} ${limit}.`,
  }),
  too_large: ({ most_bytes }) => ({
    status: 413,
    title: 'Too large',
    detail: `A body may have ${most_bytes} bytes here.`,
  }),
  malformed: ({ detail }) => ({ status: 400, title: 'Not readable', detail }),
  idempotency_key_reused: ({ method, path }) => ({
    status: 422,
    title: 'The key was used for another request',
    detail: `Idempotency-Key: it came with ${method} ${path.slice(0, 200)} first, or with another body or If-Match.`,
  }),
  idempotency_key_busy: ({ retry_after_seconds }) => ({
    status: 409,
    title: 'A request with this key is being worked on',
    detail: `Its answer can be had in ${retry_after_seconds} seconds at the latest: send it again then.`,
    retry_after_seconds,
  }),
  idempotency_key_done: ({ at, events }) => ({
    status: 409,
    title: 'The request with this key was done, and its answer is lost',
    detail: `It was done at ${at.toISOString()}: ${said(events)}. Read what it made; a new key does it once more.`,
  }),
  rate_limited: ({ retry_after_seconds, limit, window_seconds }) => ({
    status: 429,
    title: 'Too many requests',
    detail: `At most ${limit} in ${window_seconds} seconds. Try again in ${retry_after_seconds} seconds.`,
    retry_after_seconds,
  }),
  repository_unreachable: ({ repository, detail }) => ({
    status: 424,
    title: 'The repository cannot be reached',
    detail: `${repository}: ${detail}`,
  }),
  plan_stale: () => ({
    status: 409,
    title: 'The plan is stale',
    detail: 'What is live has changed since it was made. Plan again.',
  }),
}

/** The problem to answer with. What is no error of the domain is ours, and says nothing. */
export function problemOf(error: DomainError | undefined, requestId: string): Problem {
  const code = error?.code ?? 'internal'
  const saying: Saying = error
    ? (sayings[error.code] as (details: unknown) => Saying)(error.details)
    : { status: 500, title: 'Something broke here', detail: 'The log has it under this request id.' }
  return { type: `urn:headgate:problem:${code}`, ...saying, code, request_id: requestId }
}

const nouns: Partial<Record<What, Noun>> = {
  project: 'project',
  environment: 'environment',
  release: 'release',
  revision: 'revision',
  plan: 'plan',
  deployment: 'deployment',
  candidate: 'candidate',
  run: 'run',
  user: 'user',
  token: 'token',
  webhook: 'webhook',
  delivery: 'delivery',
  freeze: 'freeze',
  hold: 'hold',
  schedule: 'schedule',
}

/** Things are named as we show them: by a prefixed id, or by the word that the caller used. */
function name(what: What, id: string): string {
  const noun = nouns[what]
  return noun && readId(noun, id) ? showId(noun, readId(noun, id) as string) : id.slice(0, 200)
}

/** What was done, by the kind of the event and the id of its subject as the API shows it. */
function said(events: readonly { kind: string; subject_id: string | null }[]): string {
  const words = events.map(({ kind, subject_id }) => {
    const what = kind.split('.')[0] as What
    return subject_id === null ? kind : `${kind} ${name(what, subject_id)}`
  })
  return words.join(', ') || 'without an event'
}
