import { DomainError } from '#domain/errors.ts'
import type { Db } from '#store/database.ts'
import { findEnvironment, type EnvironmentRow } from '#store/environment.ts'
import { findProject } from '#store/project.ts'

/** An environment of infrastructure, by its ids. */
export interface InfraPlace {
  project_id: string
  environment_id: string
}

/** Throws `not_found`, also for one of another project, or of another kind. */
export async function requireInfraPlace(
  db: Db,
  { project_id, environment_id }: InfraPlace,
): Promise<EnvironmentRow> {
  const environment = await findEnvironment(db, environment_id)
  const project = environment?.project_id === project_id ? await findProject(db, project_id) : undefined
  if (project?.kind !== 'infra')
    throw new DomainError('not_found', { what: 'environment', id: environment_id })
  return environment!
}
