import type { TokenView } from '#app/identity/token-view.ts'
import type { Action } from '#domain/roles.ts'
import { invalidField } from '#domain/errors.ts'
import type { UidOf } from '../ids.ts'
import type { TokenScope } from '../wire.ts'
import type { TokenAnswer } from '../wire-answers.ts'
import { readTime, writeTime } from './time.ts'

/** The vendor's scope as it was given, kept beside ours for its clients. */
export const scopeWord = 'contentstack/scope'

const reading: readonly Action[] = [
  'project.read',
  'catalogue.read',
  'release.read',
  'deployment.read',
  'live.read',
]

const writing: readonly Action[] = [
  'catalogue.edit',
  'release.edit',
  'release.lock',
  'release.unlock',
  'release.clone',
  'deployment.request',
  'deployment.cancel_own',
  'environment.admin',
  'webhook.admin',
]

/**
 * What a management token may do here. The vendor's tokens read, or read and write, a stack as a whole: one module
 * that may be written makes it the latter. None reaches the stack itself or other tokens (section 1.4).
 */
export function readManagementScope(scope: TokenScope): Action[] {
  const writes = scope.some(({ module, acl }) => module !== 'branch' && acl?.write === true)
  return writes ? [...reading, ...writing] : [...reading]
}

/** The branches that a token is bound to, null for all. */
export function readBranches(scope: TokenScope): string[] | null {
  const branches = scope.filter(({ module }) => module === 'branch').flatMap(({ branches = [] }) => branches)
  return branches.length === 0 || branches.includes('$all') ? null : branches
}

/** The environments, by name, that a delivery token is bound to. */
export function readEnvironmentNames(scope: TokenScope): string[] {
  return scope
    .filter(({ module }) => module === 'environment')
    .flatMap(({ environments = [] }) => environments)
}

/** A token expires at the first moment of the day, UTC, that is given (section 1.4). */
export function readExpiry(text: string | null | undefined): Date | null {
  if (text === undefined || text === null) return null
  const time = readTime(text)
  if (!time) throw invalidField('expires_on', 'invalid', 'is not a valid date.')
  return new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate()))
}

export function writeToken(token: TokenView, names: { tokens: UidOf; users: UidOf }): TokenAnswer {
  const scope = token.annotations[scopeWord]
  return {
    uid: names.tokens(token.id) ?? '',
    name: token.name,
    description: token.description,
    scope: Array.isArray(scope) ? scope : [],
    expires_on: token.expires_at && writeTime(token.expires_at),
    is_email_notification_enabled: false,
    created_by: names.users(token.user_id),
    created_at: writeTime(token.created_at),
    updated_at: writeTime(token.updated_at),
  }
}
