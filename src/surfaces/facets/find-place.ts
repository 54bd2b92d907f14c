import { findEnvironmentOfKind } from '#app/environments/find-environment-of-kind.ts'
import { resolveBeginning } from '#app/external-ids/resolve-beginning.ts'
import { externalFor, resolveExternal } from '#app/external-ids/resolve-external.ts'
import { findNamedProject } from '#app/projects/find-named-project.ts'
import { getProject } from '#app/projects/get-project.ts'
import { DomainError, isDomainError } from '#domain/errors.ts'
import { idOf, readDigits, surface } from './ids.ts'
import type { Call } from './route.ts'

type Asking = Pick<Call, 'ctx'>
export type Project = Awaited<ReturnType<typeof getProject>>
export type Environment = Awaited<ReturnType<typeof findEnvironmentOfKind>>

/** A cluster, and the ids that use-cases ask for. */
export interface Place {
  project_id: string
  environment_id: string
  environment: Environment
}

/**
 * The cluster of an id: one that headgate.yaml fixed, or the beginning of ours. Throws `not_found`, also where the
 * caller may not see it.
 */
export async function findCluster({ ctx }: Asking, id: string): Promise<Place> {
  const digits = readDigits(id)
  const environment_id =
    (await resolveExternal(ctx, surface, 'cluster', id)) ??
    (digits && (await resolveBeginning(ctx, 'environment', digits)))
  if (environment_id === undefined) throw new DomainError('not_found', { what: 'environment', id })
  const environment = await findEnvironmentOfKind(ctx, { environment_id, kind: 'infra', called: id })
  return { project_id: environment.project_id, environment_id, environment }
}

/** The stack of a name: one that headgate.yaml gave it, else the project's key, else its display name. Throws `not_found`. */
export async function findStack({ ctx }: Asking, name: string): Promise<Project> {
  const project_id = await resolveExternal(ctx, surface, 'stack', name)
  if (project_id === undefined) return findNamedProject(ctx, { kind: 'infra', name })
  try {
    return await getProject(ctx, { project_id })
  } catch (error) {
    if (isDomainError(error, 'forbidden') || isDomainError(error, 'not_found'))
      throw new DomainError('not_found', { what: 'project', id: name })
    throw error
  }
}

/** What these environments are called here, by their own ids: as headgate.yaml fixed it, else by the beginning of ours. */
export async function clusterIds(
  { ctx }: Asking,
  environment_ids: readonly string[],
): Promise<Map<string, string>> {
  const fixed = await externalFor(ctx, surface, 'cluster', environment_ids)
  return new Map(environment_ids.map((id) => [id, fixed.get(id) ?? idOf(id)]))
}

/** The name of a stack: as headgate.yaml gave it, else its project's key. */
export async function stackNames(
  { ctx }: Asking,
  projects: readonly Pick<Project, 'id' | 'key'>[],
): Promise<Map<string, string>> {
  const ids = projects.map(({ id }) => id)
  const given = await externalFor(ctx, surface, 'stack', ids)
  return new Map(projects.map(({ id, key }) => [id, given.get(id) ?? key]))
}
