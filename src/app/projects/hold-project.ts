import { DomainError } from '#domain/errors.ts'
import type { Db } from '#store/database.ts'
import { lockProject, type ProjectRow } from '#store/project.ts'
import { requireVersion } from '../require-version.ts'

/** Held until the transaction ends. Throws `not_found`, and `version_conflict` where it is not the one that was seen. */
export async function holdProject(tx: Db, id: string, version?: number): Promise<ProjectRow> {
  const row = await lockProject(tx, id)
  if (!row) throw new DomainError('not_found', { what: 'project', id })
  requireVersion('project', row, version)
  return row
}
