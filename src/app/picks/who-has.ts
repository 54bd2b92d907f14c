import { containing, type Containment } from '#catalogue/code/pick/containing.ts'
import type { Mirror } from '#ground/git/mirrors.ts'
import { listPicks, type PickSource } from '#store/candidate-pick.ts'
import type { Db } from '#store/database.ts'

/** How a candidate has a commit; `pick`: it was picked into it by us. */
export type Had = Containment | 'pick'

interface Target {
  id: string
  commit_sha: string
}

/** Of each candidate which of these commits it has, and how. By the candidate's id, then by the commit's. */
export async function whoHas(
  db: Db,
  mirror: Mirror,
  sources: readonly PickSource[],
  targets: readonly Target[],
): Promise<Map<string, Map<string, Had>>> {
  const had = new Map<string, Map<string, Had>>(targets.map(({ id }) => [id, new Map()]))
  const picks = await listPicks(
    db,
    targets.map(({ id }) => id),
  )
  for (const source of sources)
    for (const { candidate_id, outcome, source_sha, patch_id } of picks)
      if (outcome === 'picked' || outcome === 'included')
        if (source_sha === source.source_sha || (patch_id !== null && patch_id === source.patch_id))
          had.get(candidate_id)?.set(source.source_sha, 'pick')
  for (const { source_sha } of sources) {
    const asked = targets.filter(({ id }) => !had.get(id)!.has(source_sha))
    const found = await containing(
      mirror,
      source_sha,
      asked.map(({ commit_sha }) => commit_sha),
    )
    for (const { id, commit_sha } of asked) {
      const how = found.get(commit_sha)
      if (how) had.get(id)!.set(source_sha, how)
    }
  }
  return had
}
