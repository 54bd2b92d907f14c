import { invalidField } from '#domain/errors.ts'
import { listCommitsOfCandidates } from '#store/pick-target.ts'
import { insertIncluded, type PickSource } from '#store/candidate-pick.ts'
import type { NamedCandidate } from '#store/candidate.ts'
import { lockCodeSettings } from '#store/code-settings.ts'
import { authorize } from '../authorize.ts'
import { viewCandidate, requireCandidate, type CandidateView } from '../candidates/candidate-view.ts'
import { requireCode } from '../candidates/code-settings-of.ts'
import { transact, type Context } from '../context.ts'
import { findBase } from './find-base.ts'
import { findPickSources, notPickable, type PickAsked } from './find-pick-sources.ts'
import { weakest } from './preview-pick.ts'
import { reservePickIn } from './reserve-pick.ts'
import { whoHas, type Had } from './who-has.ts'

export interface PickRequest extends PickAsked {
  project_id: string
  /** The candidate that it is picked on, by its id or version. */
  base: string
  /** Candidates of newer releases that get it too, likewise. */
  also?: readonly string[] | undefined
  reason?: string | undefined
}

export interface PickAnswer {
  /** What it was asked to be picked on. */
  base: CandidateView
  /** The candidate that is made of it; null where the base has it already. */
  candidate: CandidateView | null
  /** How the base has it already. */
  included: Had | null
}

/**
 * Picks commits into the release of a candidate and into newer ones: for each the next candidate, reserved until it is
 * done. One that has it already is said at once, and no number is used. Who asks again while it is being picked gets
 * the candidate that is there. Throws `invalid` (`commit`, `since`, `pull_request`, `base`, `also`), `not_found`,
 * `not_possible_now` for what has no commit or where another pick is open, `release_locked`, `repository_unreachable`.
 */
export async function requestPick(
  ctx: Context,
  { project_id, base, also = [], reason, ...asked }: PickRequest,
): Promise<PickAnswer[]> {
  authorize(ctx, 'release.edit', { project_id })
  const targets = await findTargets(ctx, project_id, base, also)
  const { sources, mirror, repository } = await findPickSources(ctx, project_id, asked)
  // Whatever else has it is noted along the way, so that no gate has to ask git.
  const others = await listCommitsOfCandidates(ctx.db, project_id, mostNoted)
  const known = new Map(others.map((one) => [one.id, one]))
  for (const { id, commit_sha } of targets) known.set(id, { id, commit_sha: commit_sha! })
  const had = await whoHas(ctx.db, mirror, sources, [...known.values()])
  const made = await transact(ctx, async (unit) => {
    const settings = requireCode(await lockCodeSettings(unit.tx, project_id))
    await insertIncluded(unit.tx, includedOf(sources, had))
    unit.wake({ name: 'admit-deployments', data: {} })
    const ids: (string | null)[] = []
    for (const target of targets) {
      const there = had.get(target.id)!
      const missing = sources.filter(({ source_sha }) => !there.has(source_sha))
      const pick = { settings, repository_id: repository.id, base: target, sources: missing, reason }
      ids.push(missing.length === 0 ? null : await reservePickIn(ctx, unit, pick))
    }
    return ids
  })
  const answers: PickAnswer[] = []
  for (const [index, target] of targets.entries()) {
    const id = made[index]!
    answers.push({
      base: viewCandidate(target),
      candidate: id === null ? null : viewCandidate(await requireCandidate(ctx.db, id)),
      included: id === null ? weakest(sources, had.get(target.id)!) : null,
    })
  }
  return answers
}

/** How many candidates are looked at for whether they have it. */
const mostNoted = 1000
const mostTargets = 50

/** The base first, then the newer ones in the order in which they are named. */
async function findTargets(
  ctx: Context,
  project_id: string,
  base: string,
  also: readonly string[],
): Promise<NamedCandidate[]> {
  if (also.length > mostTargets)
    throw invalidField('also', 'too_many', `names more than ${mostTargets} candidates`)
  const first = await findBase(ctx.db, project_id, 'base', base)
  const targets = [first]
  for (const [index, text] of also.entries()) {
    const field = `also.${index}`
    const one = await findBase(ctx.db, project_id, field, text)
    if (one.release_id <= first.release_id)
      throw invalidField(
        field,
        'invalid',
        `${one.version} is of no release that is newer than ${first.release_version}`,
      )
    if (targets.some(({ release_id }) => release_id === one.release_id))
      throw invalidField(field, 'not_unique', `names ${one.release_version} twice`)
    targets.push(one)
  }
  for (const one of targets) if (one.commit_sha === null) throw notPickable(one)
  return targets
}

function includedOf(sources: readonly PickSource[], had: ReadonlyMap<string, ReadonlyMap<string, Had>>) {
  return [...had].flatMap(([candidate_id, there]) =>
    sources.flatMap((source) => (there.has(source.source_sha) ? { ...source, candidate_id } : [])),
  )
}
