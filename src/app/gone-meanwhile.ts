import { DomainError, type What } from '#domain/errors.ts'
import { violatedConstraint } from '#store/violated-constraint.ts'

/** What a column refers to, by its name in foreign keys. Those of people are the author's: whoever calls. */
const referred: Record<string, What | 'caller'> = {
  requested_by_token: 'caller',
  requested_by: 'caller',
  created_by: 'caller',
  updated_by: 'caller',
  locked_by: 'caller',
  user_id: 'user',
  project_id: 'project',
  environment_id: 'environment',
  parent_id: 'environment',
  release_id: 'release',
  revision_id: 'revision',
  plan_id: 'plan',
  deploys_plan: 'plan',
  deployment_id: 'deployment',
  rolls_back: 'deployment',
  retries: 'deployment',
  branch_id: 'branch',
  item_id: 'item',
}

const columns = Object.keys(referred).toSorted((a, b) => b.length - a.length)

/**
 * What to answer where a row refers to one that somebody removed since it was looked at: `unauthenticated` for the
 * caller's own token, else `not_found`. Undefined for an error of another kind.
 */
export function goneMeanwhile(error: unknown): DomainError | undefined {
  const violation = violatedConstraint(error)
  if (violation?.kind !== 'foreign_key') return undefined
  const column = columns.find((name) => violation.constraint.endsWith(`_${name}_fkey`))
  const what = column && referred[column]
  if (!what) return undefined
  if (what === 'caller') return new DomainError('unauthenticated', { credential: 'token' })
  return new DomainError('not_found', { what, id: violation.id ?? '' })
}
