import type { Mirror } from '#ground/git/mirrors.ts'
import { insertPatches, listSamePatches, listUnpatched } from '#store/commit-patch.ts'
import type { Db } from '#store/database.ts'
import { readPatchIds } from './patch-ids.ts'
import { sameChanges, type OwnCommit, type Same } from './same-changes.ts'

/** Where histories are compared, and what is known of them. */
export interface Histories {
  db: Db
  repository_id: string
  mirror: Mirror
  /** As in a .gitignore: only what touches one of these counts. None: everything. */
  paths: readonly string[]
  /** What was picked, and from what, where nobody could tell it by the commits: of these and no more. */
  listPicks?(db: Db, shas: readonly string[]): Promise<Same[]>
  signal?: AbortSignal | undefined
}

/** The commits of either side that are the same change as one of the other side's. */
export async function findSame(
  commits: readonly OwnCommit[],
  picked: readonly Same[],
  histories: Histories,
): Promise<Map<string, string>> {
  const [left, right] = [shasOf(commits, 'left'), shasOf(commits, 'right')]
  if (left.length === 0 || right.length === 0) return new Map()
  await computePatches(histories, [...left, ...right])
  // What is the same in both is found from either side.
  const few = left.length < right.length ? left : right
  const { db, repository_id, listPicks } = histories
  const picks = (await listPicks?.(db, few)) ?? []
  const said = [...picked, ...picks]
  const patches = await listSamePatches(db, repository_id, [...few, ...said.flat()])
  const same: Same[] = patches.map(({ commit_sha, patch_id }) => [commit_sha, patch_id])
  // Where a pick was resolved, that began with a commit that says what was picked.
  const begun = new Set(picked.map(([sha]) => sha))
  const ended = picks.flatMap(([sha]) => (begun.has(sha) ? [] : sha))
  return sameChanges(commits, [...said, ...same], new Set(ended))
}

function shasOf(commits: readonly OwnCommit[], wanted: OwnCommit['side']): string[] {
  return commits.flatMap(({ sha, side }) => (side === wanted ? sha : []))
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
