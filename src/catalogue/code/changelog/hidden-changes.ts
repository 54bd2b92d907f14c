import type { Mirror } from '#ground/git/mirrors.ts'
import { insertPatches, listSamePatches, listUnpatched } from '#store/commit-patch.ts'
import type { Db } from '#store/database.ts'
import { countOwn, readOwn, type OwnHistory, type Pair } from './own-commits.ts'
import { readPatchIds } from './patch-ids.ts'
import { sameChanges, type OwnCommit, type Same } from './same-changes.ts'

/** Where histories are compared, and what is known of them. */
export interface Histories {
  db: Db
  repository_id: string
  mirror: Mirror
  /** As in a .gitignore: only what touches one of these counts. None: everything. */
  paths: readonly string[]
  /** What was picked from what, where nobody could tell it by the commits: of these and no more. */
  listPicks?(db: Db, shas: readonly string[]): Promise<Same[]>
  signal?: AbortSignal | undefined
}

export interface Comparison {
  /** Commits of either that the other has the change of. */
  hidden: ReadonlySet<string>
  /** Whether there is anything to read on that side. */
  left: boolean
  right: boolean
  /** What was read for it. */
  read?: Pick<OwnHistory, 'touched' | 'held'>
}

/**
 * Compares what two commits have that the other has not. Patches are computed only where both have something of their
 * own, and once for each commit.
 */
export async function hiddenChanges(pair: Pair, histories: Histories): Promise<Comparison> {
  const { left, right } = await countOwn(pair, histories)
  if (left === 0 || right === 0) return { hidden: new Set(), left: left > 0, right: right > 0 }
  const { commits, picked, ...read } = await readOwn(pair, histories)
  await computePatches(
    histories,
    commits.map(({ sha }) => sha),
  )
  const few = smallerSide(commits)
  const { db, repository_id, listPicks } = histories
  const said = [...picked, ...((await listPicks?.(db, few)) ?? [])]
  const patches = await listSamePatches(db, repository_id, [...few, ...said.flat()])
  const same: Same[] = patches.map(({ commit_sha, patch_id }) => [commit_sha, patch_id])
  return { hidden: sameChanges(commits, [...said, ...same]), left: true, right: true, read }
}

/** What is the same in both is found from either side: the one with fewer commits is asked about. */
function smallerSide(commits: readonly OwnCommit[]): string[] {
  const left: string[] = []
  const right: string[] = []
  for (const { sha, side } of commits) (side === 'left' ? left : right).push(sha)
  return left.length < right.length ? left : right
}

/** Computes and keeps the patches of those that nobody has computed. */
export async function computePatches(
  { db, repository_id, mirror, signal }: Pick<Histories, 'db' | 'repository_id' | 'mirror' | 'signal'>,
  shas: readonly string[],
): Promise<void> {
  const missing = shas.length === 0 ? [] : await listUnpatched(db, repository_id, shas)
  for await (const patches of readPatchIds(mirror, missing, signal))
    await insertPatches(db, repository_id, patches)
}
