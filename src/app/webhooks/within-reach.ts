import { DomainError } from '#domain/errors.ts'
import type { Context } from '../context.ts'

/**
 * A token that is bound to environments sees to webhooks of those alone, and one that is bound to branches to none: a
 * webhook would tell it what it may not read. Throws `forbidden`.
 */
export function requireReach({ principal }: Context, environment_ids: readonly string[] | null): void {
  if (!principal) return
  const { environment_ids: bound, branches, name } = principal
  const outside = bound && !(environment_ids?.every((id) => bound.includes(id)) ?? false)
  if (!outside && !branches) return
  const detail = `${name} is bound to ${branches ? 'branches' : 'environments'}, and this would tell of others.`
  throw new DomainError('forbidden', { action: 'webhook.admin', detail })
}
