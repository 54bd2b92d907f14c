import { ancestorsAmong, containing } from '#catalogue/code/pick/containing.ts'
import { GitError } from '#ground/git/run-git.ts'
import { listPickSources, type PickSource } from '#store/candidate-pick.ts'
import type { Context } from '../context.ts'
import { openRepository } from '../repositories/open-repository.ts'

/** How many picks of a project are looked at, newest first; and how many of them as the same change under another id. */
const most = 500
const mostCompared = 20

/**
 * What was ever picked in a project and is in this commit (full id) without a pick: noted with the candidate that gets
 * the commit, so that the gate need not ask git. Where git does not know, nothing is noted, and the gate stays shut.
 */
export async function findIncluded(ctx: Context, project_id: string, commit: string): Promise<PickSource[]> {
  const sources = await listPickSources(ctx.db, project_id, most)
  if (sources.length === 0) return []
  try {
    const { mirror } = await openRepository(ctx, project_id)
    const found = await ancestorsAmong(
      mirror,
      commit,
      sources.map(({ source_sha }) => source_sha),
    )
    const rest = sources.filter(({ source_sha }) => !found.has(source_sha))
    for (const { source_sha } of rest.slice(0, mostCompared))
      if ((await containing(mirror, source_sha, [commit])).has(commit)) found.add(source_sha)
    return sources.filter(({ source_sha }) => found.has(source_sha))
  } catch (error) {
    if (error instanceof GitError && error.reason === 'failed') return []
    throw error
  }
}
