import { showCandidateVersion } from '#domain/candidate-version.ts'
import { listPickTargets, type PickTarget } from '#store/pick-target.ts'
import type { PickSource } from '#store/candidate-pick.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { findPickSources, type PickAsked } from './find-pick-sources.ts'
import { whoHas, type Had } from './who-has.ts'
import { findBase } from './find-base.ts'

/** A release that something can be picked into: its newest candidate, and the one that would come of it. */
export interface PickChoice {
  release_id: string
  release_version: string
  /** What it would be picked on. */
  from: { candidate_id: string; version: string; commit_sha: string }
  /** The version of the candidate that would be made. */
  to: string
  /** How it has all of it already, so that nothing would be made: the weakest way; null where something is missing. */
  included: Had | null
  /** A candidate of the release that has to come to an end first. */
  open: { version: string; state: string } | null
}

export interface PickPreview {
  sources: PickSource[]
  /** Newest release first. */
  choices: PickChoice[]
}

const most = 50

/**
 * What could be picked into: the release of the base and every newer one, or the newest 50 where no base is named.
 * Nothing is changed. Throws `invalid` (`commit`, `since`, `pull_request`, `base`), `not_found`, `forbidden`,
 * `repository_unreachable`.
 */
export async function previewPick(
  ctx: Context,
  { project_id, base, ...asked }: PickAsked & { project_id: string; base?: string | undefined },
): Promise<PickPreview> {
  authorize(ctx, 'catalogue.read', { project_id })
  authorize(ctx, 'release.read', { project_id })
  const { sources, mirror } = await findPickSources(ctx, project_id, asked)
  const since = base === undefined ? undefined : (await findBase(ctx.db, project_id, 'base', base)).release_id
  const targets = await listPickTargets(ctx.db, project_id, { since, limit: most })
  const commits = targets.map(({ candidate_id: id, commit_sha }) => ({ id, commit_sha }))
  const had = await whoHas(ctx.db, mirror, sources, commits)
  return {
    sources,
    choices: targets.map((target) => choiceOf(target, weakest(sources, had.get(target.candidate_id)!))),
  }
}

function choiceOf(target: PickTarget, included: Had | null): PickChoice {
  const { release_id, release_version, candidate_id, candidate_version, commit_sha, highest } = target
  const { open_version, open_state } = target
  return {
    release_id,
    release_version,
    from: { candidate_id, version: candidate_version, commit_sha },
    to: showCandidateVersion({ release: release_version, number: highest + 1 }),
    included,
    open: open_version !== null && open_state !== null ? { version: open_version, state: open_state } : null,
  }
}

const strength: readonly Had[] = ['patch', 'trailer', 'pick', 'ancestor']

/** How all of them are there; null where one is missing. */
export function weakest(sources: readonly PickSource[], had: ReadonlyMap<string, Had>): Had | null {
  const ways = sources.map(({ source_sha }) => had.get(source_sha))
  if (ways.includes(undefined)) return null
  return strength.find((how) => ways.includes(how)) ?? null
}
