import { showCandidateVersion } from '#domain/candidate-version.ts'
import { causeOf } from '#domain/hold.ts'
import { copyPicks, insertWanted, listPicks, type PickSource } from '#store/candidate-pick.ts'
import { findNewestCandidate, insertCandidate, updateCandidate } from '#store/candidate.ts'
import type { CandidateRow, NamedCandidate } from '#store/candidate.ts'
import type { NamedCodeSettings } from '#store/code-settings.ts'
import { findAnchor, listOpenCandidates } from '#store/pick-target.ts'
import { authorIn, type Context, type Unit } from '../context.ts'
import { holdUnlocked, nextNumber } from '../candidates/cut-in.ts'
import { requestRunIn } from '../runs/request-run.ts'
import { notPickable } from './find-pick-sources.ts'
import { showInput, type PickInput } from './pick-input.ts'

interface Reservation {
  /** Its row is held. */
  settings: NamedCodeSettings
  repository_id: string
  base: NamedCandidate
  sources: readonly PickSource[]
  reason: string | undefined
}

/**
 * Reserves the next number of the base's release, and asks for the run that picks. Answers the candidate's id: of the one
 * that is there, where the same is being picked already, or was picked last. Throws `release_locked`, `not_possible_now`.
 */
export async function reservePickIn(
  ctx: Context,
  unit: Unit,
  { settings, repository_id, base, sources, reason }: Reservation,
): Promise<string> {
  const { project_id, release_id, release_version } = base
  await holdUnlocked(unit, project_id, release_id)
  const [open] = await listOpenCandidates(unit.tx, release_id)
  if (open) {
    if (open.base_id === base.id && (await wants(unit, open.id, sources))) return open.id
    throw notPickable(open, 'be followed by another pick')
  }
  // Whoever asks again after it was done, because the answer was lost, gets what came of it.
  const newest = await findNewestCandidate(unit.tx, release_id)
  const done = newest?.base_id === base.id && newest.commit_sha !== null
  if (done && (await brought(unit, newest.id, base.id, sources))) return newest.id
  const number = await nextNumber(unit, release_id)
  const version = showCandidateVersion({ release: release_version, number })
  const candidate = await insertCandidate(unit.tx, {
    ...{ id: ctx.newId(), project_id, release_id, number, version, base_id: base.id },
    ...{ state: 'picking', cause: causeOf({ ...ctx, scheduled: false }) },
    ...{ created_by: authorIn(ctx), created_at: ctx.now() },
  })
  await copyPicks(unit.tx, base.id, candidate.id)
  const conflict_branch = conflictBranchOf(settings.branch_prefix, version, sources)
  await insertWanted(unit.tx, candidate.id, sources, conflict_branch)
  const data = {
    version,
    base: base.version,
    release_id,
    commits: sources.map(({ source_sha }) => source_sha),
    pull_request: numberOf(sources),
  }
  unit.record({
    kind: 'candidate.pick_requested',
    project_id,
    subject_id: candidate.id,
    reason: reason ?? null,
    data,
  })
  const onto = base.commit_sha!
  await runPickIn(ctx, unit, candidate, reason, {
    ...{ repository_id, onto, anchor: (await findAnchor(unit.tx, base.id)) ?? onto },
    sources: sources.map(({ source_sha: sha, pull_request }) => ({ sha, pull_request })),
    branch: `${settings.branch_prefix}${version}`,
    ...{ conflict_branch, push: settings.push },
    committer: {
      name: settings.author_name,
      email: settings.author_email,
      at: candidate.created_at.toISOString(),
    },
  })
  return candidate.id
}

/** The run that picks, as often as it is asked for: what it makes is the same each time. Inside a transaction. */
export async function runPickIn(
  ctx: Context,
  unit: Unit,
  { id, project_id }: Pick<CandidateRow, 'id' | 'project_id'>,
  reason: string | undefined,
  input: PickInput,
): Promise<void> {
  const pick_run_id = await requestRunIn(ctx, unit, {
    ...{ project_id, environment_id: null, candidate_id: id, reason },
    ...{ kind: 'pick', executor: 'pick', cause: 'request' },
    ...{ settings: { timeout_seconds: 900 }, input: showInput(input) },
  })
  await updateCandidate(unit.tx, id, { pick_run_id })
}

/** Whether these, and nothing else, are to be picked into it. */
async function wants({ tx }: Unit, candidateId: string, sources: readonly PickSource[]): Promise<boolean> {
  const picks = await listPicks(tx, [candidateId])
  const own = picks.filter(({ conflict_branch }) => conflict_branch !== null)
  const shas = new Set(sources.map(({ source_sha }) => source_sha))
  return own.length === shas.size && own.every(({ source_sha }) => shas.has(source_sha))
}

/** Whether these, and nothing else, are what a candidate has picked beside what its base had. */
async function brought(
  { tx }: Unit,
  candidateId: string,
  baseId: string,
  sources: readonly PickSource[],
): Promise<boolean> {
  const picks = await listPicks(tx, [candidateId, baseId])
  const of = (id: string) => picks.filter(({ candidate_id }) => candidate_id === id)
  const before = new Set(of(baseId).map(({ source_sha }) => source_sha))
  const own = of(candidateId).filter(({ source_sha }) => !before.has(source_sha))
  const shas = new Set(sources.map(({ source_sha }) => source_sha))
  const picked = own.filter(({ outcome }) => outcome === 'picked')
  return picked.length === shas.size && picked.every(({ source_sha }) => shas.has(source_sha))
}

/** The pull request that all of them belong to; null where there is none. */
function numberOf([first, ...rest]: readonly PickSource[]): number | null {
  const number = first?.pull_request ?? null
  return rest.every(({ pull_request }) => pull_request === number) ? number : null
}

/** As the vendors' clients know it: by the pull request, else by the commit. */
function conflictBranchOf(prefix: string, version: string, sources: readonly PickSource[]): string {
  const number = numberOf(sources)
  const what = number === null ? sources.at(-1)!.source_sha.slice(0, 10) : `PR${number}`
  return `${prefix}cherry-pick-${version}-${what}`
}
