import { readCandidateVersion } from '#domain/candidate-version.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import { readId } from '#domain/ids.ts'
import { findCandidate, findCandidateByVersion, type NamedCandidate } from '#store/candidate.ts'
import type { Db } from '#store/database.ts'

/** A candidate of the project by its id or its version. Throws `not_found`, `invalid` where it is neither. */
export async function findBase(
  db: Db,
  project_id: string,
  field: string,
  text: string,
): Promise<NamedCandidate> {
  const id = readId('candidate', text)
  if (id === undefined && !readCandidateVersion(text))
    throw invalidField(field, 'invalid', 'must be a candidate’s id, or its version such as 1.2.0-rc1')
  const found = id ? await findCandidate(db, id) : await findCandidateByVersion(db, project_id, text)
  if (found?.project_id !== project_id) throw new DomainError('not_found', { what: 'candidate', id: text })
  return found
}
