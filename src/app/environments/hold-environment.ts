import { DomainError } from '#domain/errors.ts'
import type { Db } from '#store/database.ts'
import { listEnvironmentsById, type EnvironmentRow } from '#store/environment.ts'
import { requireVersion } from '../require-version.ts'

/** Held until the transaction ends. Throws `not_found`, and `version_conflict` where it is not the one that was seen. */
export async function holdEnvironment(
  tx: Db,
  { project_id, environment_id }: { project_id: string; environment_id: string },
  version?: number,
): Promise<EnvironmentRow> {
  const [row] = await listEnvironmentsById(tx, project_id, [environment_id], 'update')
  if (!row) throw new DomainError('not_found', { what: 'environment', id: environment_id })
  requireVersion('environment', row, version)
  return row
}
