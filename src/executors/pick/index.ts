import { pickCommits } from '#catalogue/code/pick/pick-commits.ts'
import { candidateRef, conflictRef, readBundle, setRef } from '#catalogue/code/pick/bundle.ts'
import { isDomainError } from '#domain/errors.ts'
import { planChanges } from '#domain/plan.ts'
import type { Ending, Interlude, Json, Order, OutsideExecutor, Tools } from '#executors/contract.ts'
import type { Blobs } from '#ground/blobs.ts'
import type { Mirror } from '#ground/git/mirrors.ts'
import { GitError } from '#ground/git/run-git.ts'
import { describePick } from './describe-pick.ts'
import { findMissing } from './find-missing.ts'
import { pushBranches } from './push-branches.ts'
import { readPickOrder, type PickOrder } from './read-pick-order.ts'

/** What a pick is made with. */
export interface Workbench {
  /** The mirror of a repository, as it is. */
  open(repositoryId: string): Promise<Mirror>
  /** The same after a fetch. */
  refresh(repositoryId: string): Promise<Mirror>
  /** Brings back to it what only we have. */
  restore(repositoryId: string, mirror: Mirror): Promise<void>
  push(repositoryId: string, refspecs: readonly string[], signal: AbortSignal): Promise<void>
  blobs: Pick<Blobs, 'put'>
}

/**
 * Picks commits onto a candidate's, in the mirror and nowhere else, keeps what came of it among the blobs, and pushes
 * its branches where the project wants that. The same order makes the same commits, so that it is simply done again
 * where nobody knows how far it came.
 */
export function pickExecutor(bench: Workbench): OutsideExecutor {
  return {
    name: 'pick',
    scope: 'outside',
    after_loss: 'repeat',
    plan: async (task) => planChanges(task),
    apply: async () => ({
      ...{ state: 'failed', code: 'not_deployable', untouched: true },
      detail: 'It picks commits, and deploys nothing.',
    }),
    run: (order, tools) =>
      pick(bench, order, tools).catch((error: unknown) =>
        tools.signal.aborted ? stopped : howItFailed(error),
      ),
  }
}

const stopped = { state: 'stopped', untouched: true } as const

async function pick(bench: Workbench, order: Order, tools: Tools): Promise<Ending | Interlude> {
  if (tools.signal.aborted) return stopped
  const asked = readPickOrder(order)
  if (!asked) return failed('order_unreadable', 'Nobody knows any more what was to be picked.')
  const mirror = await openWith(bench, asked)
  const missing = await findMissing(mirror, [asked.onto, ...asked.sources])
  if (missing !== undefined)
    return failed('commit_missing', `Commit ${missing} is not in the repository any more.`)
  const made = await pickCommits({ ...asked, mirror, committer: asked.committer })
  await tools.log('engine', describePick(asked, made))
  if (tools.signal.aborted) return stopped
  const clashed = made.picks.some(({ outcome }) => outcome === 'conflicted')
  const picks = made.picks.map(({ source, ...one }): { [key: string]: Json } => ({
    ...{ source_sha: source, outcome: one.outcome, commit_sha: one.commit_sha },
    conflicts: one.conflicts.map((conflict) => ({ ...conflict })),
  }))
  if (made.head_sha === asked.onto) {
    const nothing = { commit_sha: null, bundle_digest: null, branch: null, push_failure: null }
    return { state: 'succeeded', result: { outcome: 'empty', picks, ...nothing } }
  }
  const ref = clashed ? conflictRef(asked.candidate_id) : candidateRef(asked.candidate_id)
  await setRef(mirror, ref, made.head_sha)
  const { digest } = await bench.blobs.put(readBundle(mirror, ref, asked.anchor))
  const branches = [
    { branch: asked.branch, commit: made.clean_sha },
    ...(clashed ? [{ branch: asked.conflict_branch, commit: made.head_sha }] : []),
  ]
  const pushed = asked.push ? await pushBranches(bench, asked.repository_id, branches, order, tools) : null
  if (pushed?.state === 'again') return { state: 'pausing', seconds: pushed.seconds }
  const result = {
    ...{
      outcome: clashed ? 'conflicted' : 'picked',
      picks,
      commit_sha: made.head_sha,
      bundle_digest: digest,
    },
    branch: pushed?.state === 'pushed' ? asked.branch : null,
    push_failure: pushed?.state === 'refused' ? pushed.detail : null,
  }
  return { state: 'succeeded', result }
}

/** What git or the repository's host says of it, where it is not our own fault. */
function howItFailed(error: unknown): Ending | Interlude {
  if (isDomainError(error, 'repository_unreachable')) return { state: 'pausing', seconds: 15 }
  // The process is about to end, and the next one does it again.
  if (isCalledOff(error)) return { state: 'pausing', seconds: 1 }
  if (error instanceof GitError) return failed('git_failed', error.message)
  throw error
}

function isCalledOff(error: unknown): boolean {
  if (error instanceof GitError) return error.reason === 'aborted'
  return error instanceof Error && error.name === 'AbortError'
}

function failed(code: string, detail: string): Ending {
  return { state: 'failed', code, detail, untouched: true }
}

/** The mirror with all that is needed: what is missing is fetched, or was only ever here. */
async function openWith(bench: Workbench, { repository_id, onto, sources }: PickOrder): Promise<Mirror> {
  const mirror = await bench.open(repository_id)
  if ((await findMissing(mirror, [onto, ...sources])) === undefined) return mirror
  const fetched = await bench.refresh(repository_id).catch((error: unknown) => {
    if (error instanceof GitError) throw error
    return mirror
  })
  if ((await findMissing(fetched, [onto])) !== undefined) await bench.restore(repository_id, fetched)
  return fetched
}
