import type { Order, Tools } from '#executors/contract.ts'
import { RemoteError } from '#ground/git/talk-to-remote.ts'
import type { Workbench } from './index.ts'

interface Branch {
  branch: string
  commit: string
}

type Pushed = { state: 'pushed' } | { state: 'again'; seconds: number } | { state: 'refused'; detail: string }

/** After these many seconds it is tried again; then the pick is kept, and what kept the push from it is said. */
const pauses = [5, 30, 120]

/** A host that says no will say no again. */
const final =
  /rejected|denied|refused|not allowed|forbidden|hook declined|protected branch|is not spoken here/i

/** Pushes branches that are ours, without force. One that stands further on, after somebody's work on it, is pushed. */
export async function pushBranches(
  bench: Pick<Workbench, 'push' | 'refresh'>,
  repositoryId: string,
  branches: readonly Branch[],
  { progress }: Pick<Order, 'progress'>,
  tools: Pick<Tools, 'log' | 'keep' | 'signal'>,
): Promise<Pushed> {
  try {
    await bench.push(
      repositoryId,
      branches.map(({ branch, commit }) => `${commit}:refs/heads/${branch}`),
      tools.signal,
    )
    await tools.log(
      'engine',
      branches.map(({ branch, commit }) => `pushed ${commit} as ${branch}`),
    )
    return { state: 'pushed' }
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error
    const detail = error.message
    await tools.log('engine', [`not pushed: ${detail}`])
    if (await areThere(bench, repositoryId, branches)) return { state: 'pushed' }
    const tries = typeof progress.pushes === 'number' ? progress.pushes : 0
    const seconds = pauses[tries]
    if (final.test(detail) || seconds === undefined) return { state: 'refused', detail }
    await tools.keep({ pushes: tries + 1 })
    return { state: 'again', seconds }
  }
}

/** Whether the remote has each of them, be it with more on top. */
async function areThere(
  bench: Pick<Workbench, 'refresh'>,
  repositoryId: string,
  branches: readonly Branch[],
): Promise<boolean> {
  const mirror = await bench.refresh(repositoryId).catch(() => undefined)
  if (!mirror) return false
  for (const { branch, commit } of branches) {
    const { code } = await mirror.git([
      'merge-base',
      '--is-ancestor',
      '--end-of-options',
      commit,
      `refs/heads/${branch}`,
    ])
    if (code !== 0) return false
  }
  return true
}
