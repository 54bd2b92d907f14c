import { DomainError } from '#domain/errors.ts'
import type { NamedCandidate } from '#store/candidate.ts'
import { authorizeNamed } from '../authorize.ts'
import type { Context } from '../context.ts'
import { requireCandidate } from './candidate-view.ts'

/** A candidate that the caller may change. Throws `not_found`, also where the caller may not know of it, `forbidden`. */
export async function requireEditable(ctx: Context, candidate_id: string): Promise<NamedCandidate> {
  const candidate = await requireCandidate(ctx.db, candidate_id)
  const { project_id } = candidate
  authorizeNamed(ctx, 'release.edit', { project_id }, { what: 'candidate', id: candidate_id })
  return candidate
}

/** What cannot be done to a candidate in the state that it is in. `action` completes "it cannot …". */
export function notPossibleNow(
  { version, state }: Pick<NamedCandidate, 'version' | 'state'>,
  action: string,
): DomainError<'not_possible_now'> {
  return new DomainError('not_possible_now', { what: 'candidate', id: version, state, action })
}
