import type { Shut } from './gates.ts'
import type { RollbackConflict } from './rollback.ts'

/** What can be missing, in the words of the domain. */
export type What =
  | 'project'
  | 'environment'
  | 'release'
  | 'item'
  | 'job'
  | 'revision'
  | 'plan'
  | 'deployment'
  | 'run'
  | 'user'
  | 'token'
  | 'webhook'
  | 'delivery'
  | 'branch'
  | 'branch alias'
  | 'organization'
  | 'role'
  | 'locale'
  | 'content type'
  | 'entry'
  | 'asset'
  | 'version'
  | 'folder'
  | 'freeze'
  | 'hold'
  | 'import'
  | 'repository'
  | 'commit'
  | 'candidate'
  | 'blueprint'
  | 'resource'
  | 'override'
  | 'variable'
  | 'artifact'
  | 'state'
  | 'drift'
  | 'ignored drift'
  | 'schedule'

/** One wrong field: a JSON path without brackets (`entry.title`, `items.3.uid`) and what is wrong with it. */
export interface FieldFault {
  field: string
  fault: 'required' | 'not_unique' | 'invalid' | 'too_long' | 'too_many' | 'unknown' | 'immutable'
  detail: string
}

/** Every error the house can answer with, and what each carries. A surface says each in its own voice. */
export interface ErrorDetails {
  /** No credential, or one that is unknown, expired or disabled. */
  unauthenticated: { credential: 'none' | 'token' | 'password' | 'project_key' }
  /** Known, but may not. `action` is the scope that was missing. */
  forbidden: { action: string; detail: string }
  /** Too many wrong passwords. */
  throttled: { retry_after_seconds: number }
  /** The store does not answer, or not in time: the same request may do as well a moment later. */
  unavailable: { retry_after_seconds: number }
  not_found: { what: What; id: string }
  already_exists: { what: What; id: string }
  invalid: { faults: FieldFault[] }
  /** The thing changed since the caller read it. */
  version_conflict: { what: What; id: string; version: number }
  /** The release's items may not change any more, or not now. */
  release_locked: { release_id: string; by: 'user' | 'deployment' }
  /** A release that has been deployed keeps the versions it was deployed with. */
  release_deployed: { release_id: string }
  /** Gates are shut, or the environment is busy, and the caller did not want to wait. */
  blocked: { blockers: Shut[] }
  /** The state machine has no such arrow from here. */
  not_possible_now: { what: What; id: string; state: string; action: string }
  /** Something still refers to it. */
  in_use: { what: What; id: string; by: string }
  /** A limit of the installation. */
  limit_reached: { limit: string; most: number }
  /** The body was larger than allowed. */
  too_large: { most_bytes: number }
  /** Could not be read as what it says it is. */
  malformed: { detail: string }
  /** The caller's Idempotency-Key was sent with another request. */
  idempotency_key_reused: { key: string; method: string; path: string }
  /** A request with this key is being worked on. */
  idempotency_key_busy: { key: string; retry_after_seconds: number }
  /** The request was done, by a process that ended before its answer was kept. `events` say what it did. */
  idempotency_key_done: { key: string; at: Date; events: { kind: string; subject_id: string | null }[] }
  /** More requests than the installation allows in this time. */
  rate_limited: { retry_after_seconds: number; limit: number; window_seconds: number }
  /** A repository that git could not fetch, or not read. The detail holds no secret. */
  repository_unreachable: { repository: string; detail: string }
  plan_stale: { plan_id: string }
  /** Everything the deployment did has been changed again since. */
  nothing_to_roll_back: { deployment_id: string; conflicts: RollbackConflict[] }
}

export type ErrorCode = keyof ErrorDetails

/** An error of the domain: a code and its details, nothing of HTTP. */
export class DomainError<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C
  readonly details: ErrorDetails[C]

  constructor(code: C, details: ErrorDetails[C]) {
    super(`${code} ${JSON.stringify(details)}`)
    this.name = 'DomainError'
    this.code = code
    this.details = details
  }
}

/** Narrows to one code, so that its details are typed. */
export function isDomainError<C extends ErrorCode>(error: unknown, code: C): error is DomainError<C> {
  return error instanceof DomainError && error.code === code
}

/** The common case of one wrong field. */
export function invalidField(
  field: string,
  fault: FieldFault['fault'],
  detail: string,
): DomainError<'invalid'> {
  return new DomainError('invalid', { faults: [{ field, fault, detail }] })
}
