import { DomainError, invalidField } from '#domain/errors.ts'
import {
  findNewestCandidate,
  lockCandidateOfNumber,
  lockCandidateOfRevision,
  lockNewestReady,
  type CandidateRow,
} from '#store/candidate.ts'
import type { HeldRelease } from '#store/release.ts'
import type { Unit } from '../context.ts'
import { selectOfRevision } from './pin-revision.ts'
import type { PlacedRevision } from './place-deployments.ts'
import type { DeploymentRequest } from './request-deployments.ts'

type Wanted = Pick<DeploymentRequest, 'revision' | 'select' | 'select_keys'>

/**
 * The revision that is deployed of a release of code: its newest candidate that is ready, or the one of a number. It
 * stays so until the transaction ends. Throws `not_found`, `not_possible_now` where it is not ready.
 */
export async function candidateFor(
  { tx }: Unit,
  release: HeldRelease,
  { revision, select, select_keys }: Wanted,
): Promise<PlacedRevision> {
  const candidate =
    revision === undefined
      ? ((await lockNewestReady(tx, release.id)) ?? (await findNewestCandidate(tx, release.id)))
      : await lockCandidateOfNumber(tx, release.id, revision)
  if (!candidate && revision === undefined)
    throw invalidField('release', 'invalid', `${release.name} has no candidate that could be deployed`)
  if (!candidate)
    throw new DomainError('not_found', { what: 'candidate', id: `${release.name}-rc${revision}` })
  refuseUnready(candidate)
  return selectOfRevision(tx, release, candidate.number, { select, select_keys })
}

/** The same of a revision that was pinned before. Only those of candidates can be unready. Throws `not_possible_now`. */
export async function requireReady({ tx }: Unit, revisionId: string): Promise<void> {
  const candidate = await lockCandidateOfRevision(tx, revisionId)
  if (candidate) refuseUnready(candidate)
}

function refuseUnready({ version: id, state }: CandidateRow): void {
  if (state !== 'ready')
    throw new DomainError('not_possible_now', { what: 'candidate', id, state, action: 'deploy' })
}
