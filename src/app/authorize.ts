import { DomainError, type ErrorDetails } from '#domain/errors.ts'
import { may, type Target } from '#domain/principal.ts'
import type { Action } from '#domain/roles.ts'
import type { Context } from './context.ts'

/**
 * Every use-case's first line. Headgate itself (no principal) may do what its own clock tells it to.
 * Throws `forbidden`; a surface that hides what its caller may not see turns it into its own `not found`.
 */
export function authorize(ctx: Context, action: Action, target: Target = {}): void {
  if (ctx.principal === null) return
  if (may(ctx.principal, action, target)) return
  const detail = `${ctx.principal.name} may not ${action} ${target.project_id ? 'here' : 'on this instance'}.`
  throw new DomainError('forbidden', { action, detail })
}

/**
 * As authorize, for something that is named by itself: who could not even read the project there is not told that it
 * is there. Throws `not_found` for them, else `forbidden`.
 */
export function authorizeNamed(
  ctx: Context,
  action: Action,
  target: Target,
  named: ErrorDetails['not_found'],
): void {
  const { principal } = ctx
  if (principal && !may(principal, action, target) && !may(principal, 'project.read', target))
    throw new DomainError('not_found', named)
  authorize(ctx, action, target)
}

/** One of several rights is enough; the first is the one named where there is none. */
export function authorizeAny(ctx: Context, actions: readonly [Action, ...Action[]], target: Target): void {
  const { principal } = ctx
  if (principal && actions.some((action) => may(principal, action, target))) return
  authorize(ctx, actions[0], target)
}

/** Whether it would be allowed, for lists that leave out what their caller may not see. */
export function allows({ principal }: Context, action: Action, target: Target): boolean {
  return principal === null || may(principal, action, target)
}
