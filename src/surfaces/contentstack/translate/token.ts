import type { TokenView } from '#app/identity/token-view.ts'
import { invalidField } from '#domain/errors.ts'
import type { UidOf } from '../ids.ts'
import type { TokenScope } from '../wire.ts'
import type { TokenAnswer } from '../wire-answers.ts'
import { scopeWord } from '../management-scope.ts'
import { readTime, writeTime } from './time.ts'

/**
 * The branches that a token is bound to, by their own names or by aliases; null for all. Throws `invalid` where the
 * scope names neither: a token reaches no branch that nobody gave it.
 */
export function readBranches(scope: TokenScope): string[] | null {
  const names = scope.flatMap(({ module, branches = [], branch_aliases = [] }) => {
    if (module === 'branch') return branches
    return module === 'branch_alias' ? branch_aliases : []
  })
  if (names.length === 0) throw invalidField('scope.branch_or_alias', 'required', '')
  return names.includes('$all') ? null : [...new Set(names)]
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
