import { newestTag } from '#catalogue/code/newest-tag.ts'
import { isCommitText } from '#catalogue/code/resolve-commit.ts'
import { isReleaseVersion, readCandidateVersion } from '#domain/candidate-version.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import {
  findLiveCommit,
  findNewestCut,
  findNewestOfRelease,
  findNewestOfReleaseBefore,
  type CommittedCandidate,
} from '#store/changelog-point.ts'
import { findCandidate, findCandidateByVersion } from '#store/candidate.ts'
import { findReleaseByName } from '#store/release.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { findCommit } from '../repositories/find-commit.ts'
import { headOf } from '../repositories/head-of.ts'
import { openRepository } from '../repositories/open-repository.ts'
import { readEnvironment } from '../releases/read-place.ts'

/**
 * A point of a project's history: a candidate, the newest one of a release, or a commit by 7 to 40 digits. `named`: a
 * candidate's version, else a release's, else a commit.
 */
export type PointNamed =
  | { candidate_id: string }
  | { release_id: string }
  | { commit: string }
  | { named: string; field: string }

export interface SpanNamed {
  project_id: string
  /** `head`: where the project's branch stands now, after a fetch. */
  of: PointNamed | 'head'
  /** `previous`, when left out: the release before this one's; of `head` what was cut last. */
  against?: PointNamed | { environment_id: string } | 'previous' | undefined
}

export interface Point {
  commit_sha: string
  candidate_id: string | null
  /** The candidate's, `1.2.0-rc3`; of what was released before there were any, the tag's name. */
  version: string | null
  release_id: string | null
}

/** Why a changelog begins where it does; `first_commit`: there is nothing to begin after. */
export type Base = (Point | { [name in keyof Point]: null }) & {
  why: 'asked' | 'live' | 'previous_release' | 'newest_cut' | 'tag' | 'first_commit'
  /** Where it is live, or nothing is. */
  environment: { id: string; name: string } | null
  /** What is live may be anything: a deployment reached it and did not succeed. */
  uncertain: boolean
}

/** Between what a changelog is. Throws `not_found`, `forbidden`, `invalid` (`commit`), `repository_unreachable`. */
export async function findSpan(ctx: Context, named: SpanNamed): Promise<{ base: Base; head: Point }> {
  const { project_id, of, against = 'previous' } = named
  authorize(ctx, 'release.read', { project_id })
  authorize(ctx, 'catalogue.read', { project_id })
  // Before anything is read: who may not see what is live there learns nothing of it.
  const environment =
    typeof against === 'object' && 'environment_id' in against
      ? await readEnvironment(ctx, { project_id, environment_id: against.environment_id })
      : null
  const head = of === 'head' ? await headPoint(ctx, project_id) : await findPoint(ctx, project_id, of)
  if (environment) {
    const { id, name } = environment
    return { head, base: await liveBase(ctx, { project_id, head, environment: { id, name } }) }
  }
  if (typeof against === 'object' && !('environment_id' in against))
    return { head, base: baseOf(await findPoint(ctx, project_id, against), 'asked') }
  return { head, base: await previousBase(ctx, project_id, head) }
}

async function headPoint(ctx: Context, project_id: string): Promise<Point> {
  const { sha } = await headOf(ctx, project_id)
  return { commit_sha: sha, candidate_id: null, version: null, release_id: null }
}

async function findPoint(ctx: Context, project_id: string, named: PointNamed): Promise<Point> {
  if ('named' in named) return findPoint(ctx, project_id, await whatIsNamed(ctx, project_id, named))
  if ('commit' in named) {
    const commit_sha = await findCommit(ctx, project_id, named.commit)
    return { commit_sha, candidate_id: null, version: null, release_id: null }
  }
  if ('release_id' in named) {
    const newest = await findNewestOfRelease(ctx.db, project_id, named.release_id)
    if (!newest) throw new DomainError('not_found', { what: 'candidate', id: named.release_id })
    return pointOf(newest)
  }
  const id = named.candidate_id
  const found = await findCandidate(ctx.db, id)
  if (found?.project_id !== project_id) throw new DomainError('not_found', { what: 'candidate', id })
  const { commit_sha, state, version } = found
  if (commit_sha === null)
    throw new DomainError('not_possible_now', {
      ...{ what: 'candidate', id: version, state, action: 'read its changelog' },
    })
  return pointOf({ ...found, commit_sha })
}

async function whatIsNamed(
  ctx: Context,
  project_id: string,
  { named, field }: { named: string; field: string },
): Promise<PointNamed> {
  const candidate = readCandidateVersion(named) && (await findCandidateByVersion(ctx.db, project_id, named))
  if (candidate) return { candidate_id: candidate.id }
  const release = isReleaseVersion(named) && (await findReleaseByName(ctx.db, project_id, named))
  if (release) return { release_id: release.id }
  if (isCommitText(named)) return { commit: named }
  throw invalidField(field, 'unknown', 'names no candidate, no release and no commit of the project')
}

function pointOf({ id, commit_sha, version, release_id }: CommittedCandidate): Point {
  return { commit_sha, candidate_id: id, version, release_id }
}

function baseOf(point: Point, why: Base['why']): Base {
  return { ...point, why, environment: null, uncertain: false }
}

async function liveBase(
  ctx: Context,
  place: { project_id: string; head: Point; environment: NonNullable<Base['environment']> },
): Promise<Base> {
  const { project_id, head, environment } = place
  const live = await findLiveCommit(ctx.db, environment.id)
  if (!live) return { ...(await previousBase(ctx, project_id, head)), environment }
  const { commit_sha, candidate_id, uncertain } = live
  const candidate = candidate_id === null ? undefined : await findCandidate(ctx.db, candidate_id)
  const { version = null, release_id = null } = candidate ?? {}
  return { commit_sha, candidate_id, version, release_id, why: 'live', environment, uncertain }
}

async function previousBase(ctx: Context, project_id: string, head: Point): Promise<Base> {
  const { release_id } = head
  const found =
    release_id === null
      ? await findNewestCut(ctx.db, project_id)
      : await findNewestOfReleaseBefore(ctx.db, project_id, release_id)
  if (found) return baseOf(pointOf(found), release_id === null ? 'newest_cut' : 'previous_release')
  const { settings, mirror } = await openRepository(ctx, project_id)
  const tag = await newestTag(mirror, head.commit_sha, settings.tag_patterns)
  if (tag) {
    const { commit_sha, name: version } = tag
    return baseOf({ commit_sha, version, candidate_id: null, release_id: null }, 'tag')
  }
  const nothing = { commit_sha: null, candidate_id: null, version: null, release_id: null }
  return { ...nothing, why: 'first_commit', environment: null, uncertain: false }
}
