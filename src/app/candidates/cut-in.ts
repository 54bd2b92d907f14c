import { showCandidateVersion } from '#domain/candidate-version.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import type { Cause } from '#domain/hold.ts'
import {
  findCandidateByVersion,
  findNewestCandidate,
  insertCandidate,
  updateCandidate,
} from '#store/candidate.ts'
import { insertIncluded } from '#store/candidate-pick.ts'
import { lockCodeSettings, type NamedCodeSettings } from '#store/code-settings.ts'
import { findReleaseByName } from '#store/release.ts'
import { authorIn, type Context, type Unit } from '../context.ts'
import { createReleaseIn } from '../releases/create-release.ts'
import { holdRelease } from '../releases/release-view.ts'
import { becomeReadyIn } from './become-ready.ts'
import { requireCode } from './code-settings-of.ts'
import type { CommitToCut } from './find-commit-to-cut.ts'
import { nextRelease } from './next-release.ts'
import { pinCandidateIn } from './pin-candidate.ts'
import { builds, requestBuildIn } from './request-build.ts'

/** Which candidate it is to be: by release and number, the next of a release, or the first of the next one. */
export interface Naming {
  release?: string
  /** Only of a release that is named. */
  number?: number
}

export interface Cut {
  naming: Naming
  found: CommitToCut
  build: boolean
  deploy_to?: string | null | undefined
  reason?: string | undefined
  cause: Cause
}

/**
 * Cuts a candidate inside a transaction; the caller authorises. Whoever cuts holds the project's settings meanwhile, so
 * that numbers have no gaps and two cuts of one version meet. Throws `already_exists`, `release_locked`.
 */
export async function cutIn(
  ctx: Context,
  unit: Unit,
  project_id: string,
  cut: Cut,
): Promise<{ id: string; created: boolean }> {
  const settings = requireCode(await lockCodeSettings(unit.tx, project_id))
  const { naming, found, deploy_to = settings.deploy_to, cause, reason } = cut
  const release = naming.release ?? (await nextRelease(ctx, unit.tx, settings))
  const known = await findReleaseByName(unit.tx, project_id, release)
  const number = naming.number ?? (known ? await nextNumber(unit, known.id) : 1)
  const version = showCandidateVersion({ release, number })
  const there = await findCandidateByVersion(unit.tx, project_id, version)
  if (there?.commit_sha === found.commit_sha) return { id: there.id, created: false }
  if (there) throw new DomainError('already_exists', { what: 'candidate', id: version })

  const { id: release_id } = known
    ? await holdUnlocked(unit, project_id, known.id)
    : await createReleaseIn(ctx, unit, { project_id, branch: null, name: release })
  const built = cut.build && builds(settings)
  const { commit_sha } = found
  const made = { project_id, release_id, number, version, commit_sha, created_by: authorIn(ctx) }
  const revision_id = await pinCandidateIn(ctx, unit, { ...made, repository: settings.repository_name })
  const candidate = await insertCandidate(unit.tx, {
    ...made,
    ...{ id: ctx.newId(), revision_id, deploy_to, cause, created_at: ctx.now() },
    state: built ? 'building' : 'ready',
  })
  await insertIncluded(
    unit.tx,
    found.included.map((source) => ({ ...source, candidate_id: candidate.id })),
  )
  unit.record({
    kind: 'candidate.cut',
    ...{ project_id, subject_id: candidate.id, reason: reason ?? null },
    data: { version, release_id, commit: commit_sha, branch: found.branch, cause },
  })
  if (built) await beginBuild(ctx, unit, candidate, settings, cause)
  else await becomeReadyIn(ctx, unit, candidate)
  return { id: candidate.id, created: true }
}

/** Holds a release whose candidates are to change. Throws `release_locked` where a user locked it. */
export async function holdUnlocked(
  { tx }: Unit,
  project_id: string,
  release_id: string,
): Promise<{ id: string }> {
  const release = await holdRelease(tx, project_id, release_id)
  if (release.lock === 'user') throw new DomainError('release_locked', { release_id, by: 'user' })
  return release
}

/** Of the next candidate of a release. Throws `invalid`. */
export async function nextNumber({ tx }: Unit, releaseId: string): Promise<number> {
  const number = ((await findNewestCandidate(tx, releaseId))?.number ?? 0) + 1
  if (number > mostNumber) throw invalidField('release', 'invalid', 'has no number left for a candidate')
  return number
}

/** The largest that its column holds. */
const mostNumber = 2_147_483_647

async function beginBuild(
  ctx: Context,
  unit: Unit,
  candidate: Parameters<typeof requestBuildIn>[2],
  settings: NamedCodeSettings,
  cause: Cause,
): Promise<void> {
  const by = { cause: cause === 'schedule' ? ('schedule' as const) : ('request' as const) }
  const build_run_id = await requestBuildIn(ctx, unit, candidate, settings, by)
  await updateCandidate(unit.tx, candidate.id, { build_run_id })
}
