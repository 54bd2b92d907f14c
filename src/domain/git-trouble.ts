import { DomainError } from './errors.ts'

/** What git threw, by the names of its errors: this room does not know them otherwise. */
const names = new Set(['GitError', 'RemoteError', 'ForbiddenRemoteError'])

/**
 * What git could not do in the middle of something (a commit that is gone, a history that is too long for the time it
 * has), as `repository_unreachable`: no fault of ours, and the person who asked can do something about it. Any other
 * error as it is.
 */
export function asGitTrouble(error: unknown): unknown {
  if (!(error instanceof Error) || !names.has(error.name)) return error
  return new DomainError('repository_unreachable', { repository: 'Its copy here', detail: error.message })
}
