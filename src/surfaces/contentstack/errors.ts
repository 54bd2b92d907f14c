import type { FastifyReply, FastifyRequest } from 'fastify'
import { DomainError, type ErrorCode, type ErrorDetails, type FieldFault, type What } from '#domain/errors.ts'
import { fieldErrors, type FieldErrors, type Words } from './field-errors.ts'
import { header } from './auth.ts'
import { settingOf } from './limits.ts'
import { tellRate } from './tell-rate.ts'
import { scopeFor } from './oauth-scopes.ts'

/** The vendor's envelope (section 1.5). */
export interface Saying {
  status: number
  error_code: number
  error_message: string
  errors?: FieldErrors
  retry_after_seconds?: number
}

/** What the vendor says where it has no number of its own for a case: an object that cannot be had or made. */
const general = 141

/** The numbers of branches (section 1.5); which is which the vendor says nowhere but of 910. */
const branchCodes = { absent: 903, invalid: 905, inUse: 909, taken: 910 } as const

const notValid = ['is not valid.']

/** What a route is about: the number of a refused write depends on it. */
interface Kind {
  invalid: number
  noun: string
  words: Words
  /** What is said where something else is not there. */
  absences?: { [W in What]?: Saying }
  /** What is answered where an asset is named without its uid (section 1.5). */
  assetWithoutUid?: number
}

interface Subject extends Kind {
  credential: CredentialHeader
  route: string
  reads: boolean
}

type CredentialHeader = 'authtoken' | 'authorization' | 'access_token'

const other: Kind = { invalid: general, noun: 'request', words: 'ours' }

const subjects: readonly (readonly [RegExp, Kind])[] = [
  [/\/entries(\/:entry)?(\/(im|ex)port)?$/, { invalid: 119, noun: 'entry', words: "the customer's" }],
  [/\/entries\//, { invalid: general, noun: 'request', words: 'ours' }],
  [/\/content_types/, { invalid: 115, noun: 'content type', words: 'of a schema' }],
  [/\/branch/, { invalid: branchCodes.invalid, noun: 'branch', words: 'ours' }],
  [/\/locales/, { invalid: 248, noun: 'language', words: 'ours' }],
  [/\/releases/, { invalid: general, noun: 'release', words: 'ours' }],
  [/\/assets/, { invalid: general, noun: 'asset', words: 'ours' }],
  [/\/bulk\/(un)?publish/, { invalid: general, noun: 'bulk request', words: 'ours', ...ofBulkPublish() }],
  [/\/webhooks/, { invalid: general, noun: 'webhook', words: 'ours' }],
  [/\/environments/, { invalid: general, noun: 'environment', words: 'ours' }],
]

type Sayings = { [C in ErrorCode]: (details: ErrorDetails[C], subject: Subject) => Saying }

const sayings: Sayings = {
  unauthenticated: ({ credential }, subject) => {
    if (credential === 'password') return wrongPassword
    return credential === 'project_key' ? unknownStack : notSignedIn(subject.credential)
  },
  forbidden: ({ action, detail }, { credential, route, reads }) => {
    const scope = credential === 'authorization' ? scopeFor(action, route, reads) : undefined
    const missing = scope ? ` It would take the scope ${scope}.` : ''
    return {
      status: 403,
      error_code: 316,
      error_message: `You don't have the permission to do this operation. ${detail}${missing}`,
      errors: { permission: [action], ...(scope ? { scope: [scope] } : {}) },
    }
  },
  // Its lock-out looks like a wrong password, so that nobody learns which it was.
  throttled: () => wrongPassword,
  // The vendor's SDK repeats a 5xx by itself.
  unavailable: ({ retry_after_seconds }) => ({
    status: 503,
    error_code: 503,
    error_message: `The server is not available now. Please try again in ${retry_after_seconds} seconds.`,
    errors: {},
    retry_after_seconds,
  }),
  not_found: ({ what, id }, subject) =>
    what === 'content type'
      ? unknownType(id)
      : (subject.absences?.[what] ??
        absences[what] ??
        absent(`The requested ${what} doesn't exist.`, absentField[what])),
  already_exists: ({ what }, subject) =>
    refused(what === 'branch' ? { ...subject, invalid: branchCodes.taken } : subject, [
      { field: uniqueField[what] ?? 'uid', fault: 'not_unique', detail: '' },
    ]),
  invalid: ({ faults }, subject) => refused(subject, faults),
  version_conflict: ({ what }) =>
    general422(`The ${what} was changed by somebody else. Please try again.`, {
      version: ['is not the latest.'],
    }),
  release_locked: ({ by }) =>
    general422(
      by === 'user'
        ? 'The release is locked. Unlock it, then try again.'
        : 'The release has been sent for deployment and is locked. Unlock or clone it, then try again; one that is scheduled has to be unscheduled first.',
      { locked: ['is locked.'] },
    ),
  release_deployed: () =>
    general422('The items of a release that has been deployed cannot be updated. Clone it, then try again.', {
      items: ['cannot be updated once the release is deployed.'],
    }),
  blocked: ({ blockers }) =>
    general422(
      `The deployment cannot start. ${blockers.map(({ detail }) => detail).join(' ')}`.trim(),
      Object.fromEntries(blockers.map(({ code, detail, who }) => [code, [detail, who]])),
    ),
  not_possible_now: ({ what, state, action }) => {
    const way = state === 'scheduled' ? ' Unschedule it in the publish queue, then try again.' : ''
    const message = `The ${what} is ${state}: ${action} is not possible now.${way}`
    return inUse(what, general422(message, { [what]: [`is ${state}.`] }))
  },
  in_use: ({ what, by }) =>
    inUse(what, general422(`The ${what} is still used by ${by}.`, { uid: [`is used by ${by}.`] })),
  limit_reached: ({ limit, most }) => {
    const [field = limit] = limit.split(' ')
    return general422(`At most ${most} ${limit} are allowed.${settingOf(limit)}`, {
      [field]: [`must be ${most} at most.`],
    })
  },
  too_large: ({ most_bytes }) => ({
    status: 413,
    error_code: general,
    error_message: `The request is too large: ${most_bytes} bytes are allowed.`,
    errors: {},
  }),
  malformed: ({ detail }) => ({
    status: 400,
    error_code: general,
    error_message: `The request could not be read. ${detail}`,
    errors: {},
  }),
  nothing_to_roll_back: () => general422('Everything that was deployed has been changed again since.', {}),
  // No endpoint of this door takes a key.
  idempotency_key_reused: () => general422('The key of this request was used for another one.', {}),
  idempotency_key_busy: () => general422('A request with this key is being worked on.', {}),
  idempotency_key_done: () => general422('The request with this key was done.', {}),
  rate_limited: ({ limit, window_seconds }) => ({
    status: 429,
    error_code: 429,
    error_message: `Too many requests: at most ${limit} in ${window_seconds} seconds. Please try again later.`,
    errors: {},
  }),
  repository_unreachable: () => general422('The repository cannot be reached.', {}),
  plan_stale: () => general422('What is published has changed since this was planned. Please try again.', {}),
}

const wrongPassword: Saying = {
  status: 422,
  error_code: 104,
  error_message: 'Looks like your email or password is invalid. Please try again or reset your password.',
  errors: { auth: notValid },
}

const unknownStack: Saying = {
  status: 412,
  error_code: 109,
  error_message: "We can't find that Stack. Please try again.",
  errors: { api_key: notValid },
}

const absences: { [W in What]?: Saying } = {
  project: unknownStack,
  release: { ...absent('Release does not exist. Please try again.'), status: 404 },
  job: { ...absent("The requested job doesn't exist.", 'job_id'), status: 404 },
  entry: absent("The requested object doesn't exist."),
  asset: absent('Asset was not found.'),
  branch: {
    status: 422,
    error_code: branchCodes.absent,
    error_message: 'The branch was not found. Please try again.',
    errors: { branch: notValid },
  },
  'branch alias': {
    status: 422,
    error_code: branchCodes.absent,
    error_message: 'The branch alias was not found. Please try again.',
    errors: { uid: notValid },
  },
}

/** One code for what is not there and for what may not be gone to: no client is told which (section 1.5). */
function ofBulkPublish(): Pick<Kind, 'absences' | 'assetWithoutUid'> {
  const error_message = 'The environment does not exist, or you may not publish to it.'
  const environment = { status: 401, error_code: 161, error_message, errors: { environments: notValid } }
  return { absences: { environment }, assetWithoutUid: 412 }
}

/** Where the thing that is not there was named. */
const absentField: { [W in What]?: string } = {
  environment: 'environment',
  locale: 'locale',
  version: 'version',
  folder: 'parent_uid',
}

const uniqueField: { [W in What]?: string } = {
  environment: 'name',
  locale: 'code',
  token: 'token',
  user: 'email',
}

/** Where the credential of a request stood, or should have. */
function credentialHeader(request: FastifyRequest): CredentialHeader {
  if (header(request, 'authorization')) return 'authorization'
  const reads = header(request, 'access_token') ?? header(request, 'preview_token')
  return reads && !header(request, 'authtoken') ? 'access_token' : 'authtoken'
}

function notSignedIn(credential: CredentialHeader): Saying {
  return {
    status: 401,
    error_code: 105,
    error_message: "You're not allowed in here unless you're logged in.",
    errors: { [credential]: notValid },
  }
}

function unknownType(uid: string): Saying {
  const error_message = `The Content Type '${uid}' was not found. Please try again.`
  return { status: 422, error_code: 118, error_message, errors: { uid: notValid } }
}

function absent(error_message: string, field = 'uid'): Saying {
  return { status: 422, error_code: general, error_message, errors: { [field]: notValid } }
}

function general422(error_message: string, errors: FieldErrors): Saying {
  return { status: 422, error_code: general, error_message, errors }
}

function inUse(what: What, saying: Saying): Saying {
  return what === 'branch' ? { ...saying, error_code: branchCodes.inUse } : saying
}

function refused({ invalid, noun, words, assetWithoutUid }: Subject, faults: readonly FieldFault[]): Saying {
  const errors = fieldErrors(faults, words)
  const [field, [said] = []] = Object.entries(errors)[0] ?? []
  // A phrase goes on from the field's name, a sentence stands behind it.
  const first = said && /^[A-Z]/.test(said) ? `${field}: ${said}` : `${field} ${said}`
  const nameless = faults.some(({ field, fault }) => fault === 'required' && /^assets\.\d+\.uid$/.test(field))
  const status = nameless ? (assetWithoutUid ?? 422) : 422
  return { status, error_code: invalid, error_message: `The ${noun} was refused. ${first}`, errors }
}

/** Answers any error. What is not the domain's is a 500 that names the request and nothing else. */
export function fail(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  if (!(error instanceof DomainError)) {
    tellRate(reply)
    const error_message = `Something went wrong on our side. Request ${request.id}.`
    void reply.status(500).send({ error_message, error_code: 500, errors: {} })
    return
  }
  const reads = request.method === 'GET' || request.method === 'HEAD'
  say(reply, sayingOf(error, request.routeOptions.url ?? request.url, credentialHeader(request), reads))
}

/** Sends the envelope. */
export function say(reply: FastifyReply, saying: Saying): void {
  tellRate(reply)
  const { status, error_message, error_code, errors = {}, retry_after_seconds } = saying
  if (retry_after_seconds !== undefined) void reply.header('retry-after', retry_after_seconds)
  void reply.status(status).send({ error_message, error_code, errors })
}

/** 404, not 501: the vendor's SDK repeats every 5xx until it gives up. */
export function notFound(error_message: string): Saying {
  return { status: 404, error_code: general, error_message, errors: {} }
}

/**
 * An error of the domain in the vendor's voice; `route` is the pattern under which it was thrown. Who reads
 * has written nothing that could be refused, and the delivery API has no numbers for writes at all.
 */
export function sayingOf(
  error: DomainError,
  route: string,
  credential: CredentialHeader,
  reads = false,
): Saying {
  const found = subjects.find(([shape]) => shape.test(route))?.[1] ?? other
  const tell = sayings[error.code] as (details: unknown, subject: Subject) => Saying
  const invalid = credential === 'access_token' ? general : found.invalid
  const kind = reads ? { ...found, noun: 'request' } : found
  return tell(error.details, { ...kind, invalid, credential, route, reads })
}
