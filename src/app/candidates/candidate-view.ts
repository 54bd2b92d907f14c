import { followCandidate } from '#domain/candidate-lifecycle.ts'
import { DomainError } from '#domain/errors.ts'
import { findCandidate, type NamedCandidate } from '#store/candidate.ts'
import type { Db } from '#store/database.ts'

export type CandidateAction = 'deploy' | 'build' | 'accept' | 'drop' | 'pick_again'

/** A candidate as use-cases return it. Times are Dates, people are uuids; `version` is `1.2.0-rc3`. */
export interface CandidateView extends NamedCandidate {
  allowed_actions: CandidateAction[]
}

export function viewCandidate(row: NamedCandidate): CandidateView {
  const actions: CandidateAction[] = []
  if (row.state === 'ready') actions.push('deploy')
  if (followCandidate(row.state, 'build_again')) actions.push('build')
  if (followCandidate(row.state, 'resolved')) actions.push('accept')
  if (followCandidate(row.state, 'dropped')) actions.push('drop')
  const pushes = row.push_failure !== null && row.state !== 'dropped' && row.state !== 'picking'
  if (followCandidate(row.state, 'pick_again') || pushes) actions.push('pick_again')
  return { ...row, allowed_actions: actions }
}

/** Throws `not_found`. */
export async function requireCandidate(db: Db, id: string): Promise<NamedCandidate> {
  const row = await findCandidate(db, id)
  if (!row) throw new DomainError('not_found', { what: 'candidate', id })
  return row
}
