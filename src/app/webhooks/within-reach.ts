import { DomainError } from '#domain/errors.ts'
import type { Context } from '../context.ts'

/** What a webhook tells of; null: of everything. */
export interface Reach {
  environment_ids: readonly string[] | null
  branches?: readonly string[] | null
}

/**
 * A token that is bound to environments or branches sees to webhooks of those alone: another would tell it what it
 * may not read. Throws `forbidden`.
 */
export function requireReach({ principal }: Context, { environment_ids, branches = null }: Reach): void {
  if (!principal) return
  const outside =
    isBeyond(principal.environment_ids, environment_ids) || isBeyond(principal.branches, branches)
  if (!outside) return
  const bound = isBeyond(principal.branches, branches) ? 'branches' : 'environments'
  const detail = `${principal.name} is bound to ${bound}, and this would tell of others.`
  throw new DomainError('forbidden', { action: 'webhook.admin', detail })
}

function isBeyond(bound: readonly string[] | null, told: readonly string[] | null): boolean {
  return bound !== null && !(told?.every((one) => bound.includes(one)) ?? false)
}
