import { isReleaseVersion, readCandidateVersion } from '#domain/candidate-version.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import { causeOf } from '#domain/hold.ts'
import { findEnvironment } from '#store/environment.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { requireCandidate, viewCandidate, type CandidateView } from './candidate-view.ts'
import { cutIn, type Naming } from './cut-in.ts'
import { findCommitToCut } from './find-commit-to-cut.ts'
import { keepCommit } from './keep-commit.ts'

export interface CutRequest {
  project_id: string
  /** A candidate's whole version, `1.2.0-rc2`. */
  version?: string
  /** A release's version, `1.2.0`: its next candidate. The release after the newest one when both are left out. */
  release?: string
  /** 7 to 40 hexadecimal digits. The head of the branch when left out. */
  commit?: string
  /** The project's own when left out. */
  branch?: string
  /** Whether it is built, where the project builds; without, it is ready at once. */
  build?: boolean
  /** Where it goes by itself once it is ready: as the project says when left out, nowhere when null. */
  deploy_to?: string | null
  reason?: string
}

/**
 * Cuts a release candidate: a commit under a version, for good. The same version of the same commit is the candidate
 * that is there (`created` false). Throws `invalid` (fields `version`, `release`, `commit`, `branch`), `not_found`
 * for a project without a repository and an environment of another project, `already_exists` where the version is another commit's, `release_locked`,
 * `repository_unreachable`.
 */
export async function cutCandidate(
  ctx: Context,
  { project_id, ...request }: CutRequest,
): Promise<{ candidate: CandidateView; created: boolean }> {
  authorize(ctx, 'release.edit', { project_id })
  if (request.deploy_to)
    authorize(ctx, 'deployment.request', { project_id, environment_id: request.deploy_to })
  const naming = readNaming(request)
  if (request.deploy_to) await requireEnvironment(ctx, project_id, request.deploy_to)
  const found = await findCommitToCut(ctx, project_id, request)
  const { build = true, deploy_to, reason } = request
  const cut = { ...{ naming, found, build, deploy_to, reason }, cause: causeOf({ ...ctx, scheduled: false }) }
  const made = await transact(ctx, async (unit) => {
    const { id, created } = await cutIn(ctx, unit, project_id, cut)
    return { id, created, row: await requireCandidate(unit.tx, id) }
  })
  if (made.created) await keepCommit(ctx, { ...found, id: made.id, project_id })
  return { candidate: viewCandidate(made.row), created: made.created }
}

/** What is of another project is none here. */
async function requireEnvironment(ctx: Context, project_id: string, id: string): Promise<void> {
  const found = await findEnvironment(ctx.db, id)
  if (found?.project_id !== project_id) throw new DomainError('not_found', { what: 'environment', id })
}

function readNaming({ version, release }: Pick<CutRequest, 'version' | 'release'>): Naming {
  if (version !== undefined) {
    const read = readCandidateVersion(version)
    if (!read) throw invalidField('version', 'invalid', 'is none of a candidate, such as 1.2.0-rc1')
    if (release !== undefined && release !== read.release)
      throw invalidField('release', 'invalid', 'is not the release of the version')
    return read
  }
  if (release === undefined) return {}
  if (!isReleaseVersion(release))
    throw invalidField('release', 'invalid', 'cannot be part of a branch’s name, as a version has to')
  return { release }
}
