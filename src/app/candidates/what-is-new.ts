import { changedBetween } from '#catalogue/code/changed-between.ts'
import { isAncestor } from '#catalogue/code/resolve-commit.ts'
import { GitError } from '#ground/git/run-git.ts'
import type { Mirror } from '#ground/git/mirrors.ts'
import { listNewestCuts } from '#store/candidate.ts'
import type { Context } from '../context.ts'
import { openRepository } from '../repositories/open-repository.ts'

/** How many cuts are looked through for the last one of a branch. */
const most = 20

export interface News {
  /** Whether a commit that the project releases has come since. */
  changed: boolean
  /** The version that was cut of the branch last; null where none of the newest was. */
  since: string | null
}

/**
 * What has come on a branch, whose head this is, since it was cut last: by clock or by hand, from its head or from a
 * commit that leads to it. Only what touches the project's paths counts. Throws GitError.
 */
export async function whatIsNew(ctx: Context, project_id: string, head: string): Promise<News> {
  const { mirror, settings } = await openRepository(ctx, project_id)
  for (const { version, commit_sha } of await listNewestCuts(ctx.db, project_id, most)) {
    if (commit_sha === null || !(await leadsTo(mirror, commit_sha, head))) continue
    return { changed: await changedBetween(mirror, commit_sha, head, settings.paths), since: version }
  }
  return { changed: true, since: null }
}

/** A commit that the repository does not have any more leads nowhere. */
function leadsTo(mirror: Mirror, commit: string, head: string): Promise<boolean> {
  return isAncestor(mirror, commit, head).catch((error: unknown) => {
    if (error instanceof GitError && error.reason === 'failed') return false
    throw error
  })
}
