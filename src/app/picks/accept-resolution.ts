import { leftoverMarkers } from '#catalogue/code/pick/leftover-markers.ts'
import { conflictRef, readBundle, resolutionRef, setRef } from '#catalogue/code/pick/bundle.ts'
import { isAncestor, resolveHead } from '#catalogue/code/resolve-commit.ts'
import { invalidField } from '#domain/errors.ts'
import type { Mirror } from '#ground/git/mirrors.ts'
import { insertIncluded, listPicks, resolvePicks } from '#store/candidate-pick.ts'
import { lockCandidate, type NamedCandidate } from '#store/candidate.ts'
import { lockCodeSettings, type NamedCodeSettings } from '#store/code-settings.ts'
import { findAnchor } from '#store/pick-target.ts'
import { requireCandidate, viewCandidate, type CandidateView } from '../candidates/candidate-view.ts'
import { notPossibleNow, requireEditable } from '../candidates/edit-candidate.ts'
import { giveCommitIn } from '../candidates/give-commit.ts'
import { keepCommit } from '../candidates/keep-commit.ts'
import { asPrincipal, transact, type Context } from '../context.ts'
import { refreshMirror } from '../repositories/fetch-repository.ts'
import { findCommit } from '../repositories/find-commit.ts'
import { openRepository } from '../repositories/open-repository.ts'
import { findIncluded } from './find-included.ts'

interface Acceptance {
  candidate_id: string
  /** 7 to 40 hexadecimal digits. What stands on its branches when left out. */
  commit?: string | undefined
  reason?: string | undefined
}

/**
 * Takes what somebody made of a conflict as the candidate's commit: the one named, else the head of the candidate's own
 * branch where that has gone on, else that of the branch of its conflict. It has to stand on what the pick was to stand
 * on, and nothing of the conflict may be left in it. Throws `not_found`, `not_possible_now` where it is not in conflict,
 * `invalid` (`commit`), `repository_unreachable`.
 */
export async function acceptResolution(
  ctx: Context,
  { candidate_id, commit, reason }: Acceptance,
): Promise<CandidateView> {
  const asked = await requireEditable(ctx, candidate_id)
  const { project_id, base_id } = asked
  if (asked.state !== 'conflicted' || base_id === null) throw notPossibleNow(asked, takeIt)
  const base = await requireCandidate(ctx.db, base_id)
  const house = asPrincipal(ctx, null)
  const { settings, repository } = await openRepository(house, project_id)
  const mirror = await refreshMirror(house, repository)
  const tip =
    commit === undefined
      ? await findOnBranches(ctx, mirror, settings, asked)
      : await findCommit(house, project_id, commit)
  await checkResolution(mirror, asked, base, tip)
  const anchor = (await findAnchor(ctx.db, base_id)) ?? base.commit_sha!
  // Somebody else may have another commit taken at this moment: each has a name of its own.
  const ref = resolutionRef(candidate_id, tip)
  await setRef(mirror, ref, tip)
  const bundle = tip === anchor ? null : readBundle(mirror, ref, anchor)
  const bundle_digest = bundle && (await ctx.blobs.put(bundle)).digest
  const included = await findIncluded(house, project_id, tip)
  await transact(ctx, async (unit) => {
    await lockCodeSettings(unit.tx, project_id)
    const candidate = (await lockCandidate(unit.tx, candidate_id)) ?? asked
    if (candidate.state !== 'conflicted' || candidate.pick_run_id !== asked.pick_run_id)
      throw notPossibleNow(candidate, takeIt)
    const { version } = candidate
    await resolvePicks(unit.tx, candidate_id, tip)
    await insertIncluded(
      unit.tx,
      included.map((source) => ({ ...source, candidate_id })),
    )
    const about = { project_id, subject_id: candidate_id, reason: reason ?? null }
    unit.record({ kind: 'candidate.resolved', ...about, data: { version, commit: tip, base: base.version } })
    await giveCommitIn(ctx, unit, { candidate, on: 'resolved', commit_sha: tip, bundle_digest })
    unit.wake({ name: 'admit-deployments', data: {} })
  })
  await keepCommit(ctx, { id: candidate_id, project_id, commit_sha: tip })
  return viewCandidate(await requireCandidate(ctx.db, candidate_id))
}

const takeIt = 'take a resolution'

/** What somebody pushed: the candidate's own branch comes first, since that is where a reviewed resolution is merged. */
async function findOnBranches(
  ctx: Context,
  mirror: Mirror,
  { branch_prefix }: NamedCodeSettings,
  { id, version }: NamedCandidate,
): Promise<string> {
  const picks = await listPicks(ctx.db, [id])
  const conflict = picks.find(({ conflict_branch }) => conflict_branch !== null)?.conflict_branch
  const branches = [`${branch_prefix}${version}`, ...(conflict ? [conflict] : [])]
  const unresolved = await findUnresolved(mirror, id)
  for (const branch of branches) {
    const head = await resolveHead(mirror, branch)
    if (head && !(unresolved && (await isAncestor(mirror, head.sha, unresolved)))) return head.sha
  }
  throw invalidField(
    'commit',
    'required',
    `nobody has pushed a resolution to ${branches.join(' or ')} yet: push one there, or name its commit here`,
  )
}

/** The commit that holds both sides, as long as the mirror has it. */
async function findUnresolved(mirror: Mirror, candidateId: string): Promise<string | undefined> {
  const { code, stdout } = await mirror.git(['rev-parse', '--verify', '--quiet', conflictRef(candidateId)])
  return code === 0 ? stdout.trim() : undefined
}

async function checkResolution(
  mirror: Mirror,
  { id, version }: NamedCandidate,
  base: NamedCandidate,
  tip: string,
): Promise<void> {
  const onto = base.commit_sha!
  const short = tip.slice(0, 10)
  if (!(await isAncestor(mirror, onto, tip)))
    throw invalidField(
      'commit',
      'invalid',
      `${short} does not stand on ${base.version} (${onto.slice(0, 10)}), as ${version} has to`,
    )
  const unresolved = await findUnresolved(mirror, id)
  if (tip === onto || (unresolved && (await isAncestor(mirror, tip, unresolved))))
    throw invalidField('commit', 'invalid', `${short} is from before anything was resolved`)
  const paths = await leftoverMarkers(mirror, onto, tip)
  if (paths.length > 0)
    throw invalidField('commit', 'invalid', `${short} still has conflict markers in ${paths.join(', ')}`)
}
