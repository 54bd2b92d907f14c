import { lineOf } from '#catalogue/code/text-of.ts'
import { followCandidate } from '#domain/candidate-lifecycle.ts'
import { insertIncluded, listPicks, updateOutcomes, type PickOutcome } from '#store/candidate-pick.ts'
import { lockCandidate, moveCandidate, updateCandidate, type CandidateRow } from '#store/candidate.ts'
import type { JsonObject } from '#store/columns.ts'
import { giveCommitIn } from '../candidates/give-commit.ts'
import type { Context, Unit } from '../context.ts'
import { readResult, type PickResult } from './pick-input.ts'

interface EndedPick {
  run_id: string
  candidate_id: string
  failure: string | null
  result?: JsonObject | undefined
}

/**
 * What the end of a pick means to its candidate, in the transaction that ends the pick: it has its commit, or is in
 * conflict, or nothing was to be picked, or the pick failed. A run that is not the candidate's newest says nothing.
 */
export async function settlePickIn(
  ctx: Context,
  unit: Unit,
  { run_id, candidate_id, failure, result }: EndedPick,
): Promise<void> {
  const candidate = await lockCandidate(unit.tx, candidate_id)
  if (candidate?.pick_run_id !== run_id) return
  const said = readResult(result)
  if (candidate.state !== 'picking') return noteBranches(unit, candidate, failure, said)
  if (!said || failure !== null) return fail(unit, candidate, failure ?? 'The pick did not say how it went.')
  await updateOutcomes(unit.tx, candidate_id, said.picks.map(outcomeOf))
  const { push_failure, branch } = said
  await updateCandidate(unit.tx, candidate_id, { push_failure, branch })
  if (said.outcome === 'picked') await take(ctx, unit, candidate, said)
  else if (said.outcome === 'conflicted') await leaveInConflict(unit, candidate, said)
  else await drop(unit, candidate)
  unit.wake({ name: 'admit-deployments', data: {} })
}

/** It was there already, and only its branches were to be pushed once more. */
async function noteBranches(
  { tx }: Unit,
  { id }: CandidateRow,
  failure: string | null,
  said: PickResult | undefined,
): Promise<void> {
  if (failure !== null || !said) await updateCandidate(tx, id, { push_failure: failure })
  else await updateCandidate(tx, id, { push_failure: said.push_failure, branch: said.branch })
}

async function take(ctx: Context, unit: Unit, candidate: CandidateRow, said: PickResult): Promise<void> {
  const { id, project_id, version, base_id } = candidate
  const { bundle_digest, branch, push_failure } = said
  const commit_sha = said.commit_sha!
  const data = { version, commit: commit_sha, base_id, ...(push_failure === null ? {} : { push_failure }) }
  unit.record({ kind: 'candidate.picked', project_id, subject_id: id, data })
  await giveCommitIn(ctx, unit, { candidate, on: 'picked', commit_sha, branch, bundle_digest })
}

async function leaveInConflict(unit: Unit, candidate: CandidateRow, said: PickResult): Promise<void> {
  const { id, project_id, version, state: from } = candidate
  const to = followCandidate(from, 'clashed')
  const conflicts = said.picks.flatMap((pick) => pick.conflicts)
  const named = conflicts.slice(0, mostNamed).map(({ path, kind }) => `${lineOf(path, 200)} (${kind})`)
  const more = conflicts.length > mostNamed ? ` and ${conflicts.length - mostNamed} more` : ''
  const failure_detail = `In conflict: ${named.join(', ')}${more}.`
  const { bundle_digest } = said
  if (!to || !(await moveCandidate(unit.tx, { id, from, to, failure_detail, bundle_digest }))) return
  const paths = conflicts.slice(0, mostTold).map(({ path }) => path)
  const data = { version, commit: said.commit_sha, paths, conflicts: conflicts.length }
  unit.record({ kind: 'candidate.conflicted', project_id, subject_id: id, reason: failure_detail, data })
}

const mostNamed = 5
const mostTold = 100

/** Nothing was to be picked: what it was to stand on has it already, and is known to from now on. */
async function drop(
  unit: Unit,
  { id, project_id, version, base_id, state: from }: CandidateRow,
): Promise<void> {
  const to = followCandidate(from, 'nothing_new')
  const failure_detail = 'There is nothing to be picked: what it would change is there already.'
  if (!to || !(await moveCandidate(unit.tx, { id, from, to, failure_detail }))) return
  if (base_id !== null) {
    const included = (await listPicks(unit.tx, [id])).filter(({ outcome }) => outcome === 'included')
    await insertIncluded(
      unit.tx,
      included.map((pick) => ({ ...pick, candidate_id: base_id })),
    )
  }
  const data = { version, base_id }
  unit.record({ kind: 'candidate.dropped', project_id, subject_id: id, reason: failure_detail, data })
}

async function fail(
  unit: Unit,
  { id, project_id, version, state: from }: CandidateRow,
  detail: string,
): Promise<void> {
  const to = followCandidate(from, 'broke')
  if (!to || !(await moveCandidate(unit.tx, { id, from, to, failure_detail: detail }))) return
  unit.record({
    ...{ kind: 'candidate.pick_failed', project_id, subject_id: id },
    ...{ reason: detail, data: { version } },
  })
}

function outcomeOf({ source_sha, outcome, commit_sha, conflicts }: PickResult['picks'][number]): PickOutcome {
  return {
    source_sha,
    outcome: outcome === 'empty' ? 'included' : outcome,
    commit_sha,
    conflict_paths: conflicts.map(({ path }) => path),
    conflict_kinds: conflicts.map(({ kind, marked }) => (marked ? kind : `${kind}, without markers`)),
  }
}
