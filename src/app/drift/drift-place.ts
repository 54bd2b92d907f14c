import { DomainError, invalidField } from '#domain/errors.ts'
import type { Action } from '#domain/roles.ts'
import type { Db } from '#store/database.ts'
import { findEnvironment, type EnvironmentRow } from '#store/environment.ts'
import { findProject } from '#store/project.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { usualExecutor } from '../environments/usual-executor.ts'

/** An environment of infrastructure, in which the caller may do that. Throws `not_found`, `forbidden`, `invalid`. */
export async function requireDriftPlace(
  ctx: Context,
  db: Db,
  environment_id: string,
  action: Action,
): Promise<EnvironmentRow> {
  const environment = await findEnvironment(db, environment_id)
  if (!environment) throw new DomainError('not_found', { what: 'environment', id: environment_id })
  const { project_id } = environment
  authorize(ctx, action, { project_id, environment_id })
  const kind = (await findProject(db, project_id))?.kind
  if (kind !== 'infra')
    throw invalidField('environment', 'invalid', `is of a project of kind ${kind}, in which nothing drifts`)
  return environment
}

/** Throws `invalid` where it is not deployed to by what can look for drift. */
export function requireLookingExecutor({ executor }: EnvironmentRow): void {
  if (executor === usualExecutor.infra) return
  const detail = `deploys by ${executor}, which cannot look for drift`
  throw invalidField('environment', 'invalid', detail)
}
