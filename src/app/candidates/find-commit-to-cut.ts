import type { PickSource } from '#store/candidate-pick.ts'
import { asPrincipal, type Context } from '../context.ts'
import { findIncluded } from '../picks/find-included.ts'
import { findCommit } from '../repositories/find-commit.ts'
import { headOf } from '../repositories/head-of.ts'

export interface CommitToCut {
  /** Full id. */
  commit_sha: string
  /** Whose head it is; null where the commit was named. */
  branch: string | null
  /** What was picked for other candidates, and is in it without. */
  included: readonly PickSource[]
}

/**
 * The commit that is named, else the head of the branch as it is now. Whoever may cut may have it looked up, whatever
 * else their token may read. Throws `invalid` (fields `commit`, `branch`), `not_found`, `repository_unreachable`.
 */
export async function findCommitToCut(
  ctx: Context,
  project_id: string,
  { commit, branch }: { commit?: string | undefined; branch?: string | undefined },
): Promise<CommitToCut> {
  const house = asPrincipal(ctx, null)
  const head =
    commit === undefined
      ? await headOf(house, project_id, branch)
      : { sha: await findCommit(house, project_id, commit), branch: null }
  const included = await findIncluded(house, project_id, head.sha)
  return { commit_sha: head.sha, branch: head.branch, included }
}
