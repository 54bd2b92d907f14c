import type { CandidateView } from '#app/candidates/candidate-view.ts'
import { findCandidate } from '#app/candidates/find-candidate.ts'
import { findCodeProject } from '#app/projects/find-code-project.ts'
import type { ProjectView } from '#app/projects/page-projects.ts'
import { listReleases } from '#app/releases/list-releases.ts'
import type { ReleaseView } from '#app/releases/release-view.ts'
import { isDomainError } from '#domain/errors.ts'
import type { Caller } from './caller.ts'
import { idOf } from './ids.ts'

/** The newest release of a version; undefined where there is none. */
export async function releaseNamed(
  { ctx }: Caller,
  project_id: string,
  name: string,
): Promise<ReleaseView | undefined> {
  const { releases } = await listReleases(ctx, { project_id, name, order: 'newest', limit: 1 })
  return releases[0]
}

/** Null where it is not there, or the caller may not know that it is. */
async function orNull<T>(work: Promise<T>): Promise<T | null> {
  return work.catch((error: unknown) => {
    if (isDomainError(error, 'not_found')) return null
    throw error
  })
}

/** By key, else by name. */
export function projectNamed({ ctx }: Caller, name: string): Promise<ProjectView | null> {
  return orNull(findCodeProject(ctx, { name }))
}

export function candidateNamed(
  { ctx }: Caller,
  project_id: string,
  version: string,
): Promise<CandidateView | null> {
  return orNull(findCandidate(ctx, { project_id, version }))
}

/** The uuid of a deployment, which is loaded by it; null for what is no id of one. */
export function deploymentNamed(id: string): string | null {
  return idOf('Deployment', id) ?? null
}
