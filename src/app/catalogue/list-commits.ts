import { listCommits as list } from '#catalogue/code/list-commits.ts'
import { isCommitText, resolveCommit, resolveHead } from '#catalogue/code/resolve-commit.ts'
import { readCommits, type Commit } from '#catalogue/code/read-commits.ts'
import type { Mirror } from '#ground/git/mirrors.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import { listLiveByKeys } from '#store/live.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { readableEnvironments } from '../releases/read-place.ts'
import { findCommit } from '../repositories/find-commit.ts'
import { isBranchName } from '../repositories/head-of.ts'
import { openRepository } from '../repositories/open-repository.ts'
import { unreachable } from '../repositories/remote-of.ts'

/** A commit that can be released, with where it is live. */
export interface ReleasableCommit extends Commit {
  repository: string
  live: { environment_name: string; version: string; uncertain: boolean }[]
}

export interface CommitsSearch {
  project_id: string
  /** The project's when left out. */
  branch?: string | undefined
  /** Part of a message or of an author, or the beginning of an id. */
  q?: string | undefined
  /** Also what touches nothing of the project's paths. */
  all?: boolean | undefined
  limit: number
  /** The `next` of the page before: it goes on with the history that the first one showed. */
  after?: string | undefined
}

/**
 * Commits of a project's repository as it was fetched last, newest first. Throws `not_found` (project, branch),
 * `invalid`, `repository_unreachable`.
 */
export async function listCommits(
  ctx: Context,
  { project_id, branch, q, all = false, limit, after }: CommitsSearch,
): Promise<{ items: ReleasableCommit[]; next: string | null }> {
  authorize(ctx, 'catalogue.read', { project_id })
  const { settings, repository, mirror } = await openRepository(ctx, project_id)
  const view = (commits: Commit[]) => withLive(ctx, project_id, repository.name, commits)
  try {
    const named =
      q !== undefined && after === undefined && isCommitText(q) ? await resolveCommit(mirror, q) : undefined
    if (named) return { items: await view(await readCommits(mirror, [named])), next: null }
    const start = await startOf(mirror, branch ?? settings.branch, after)
    if (!start) return { items: [], next: null }
    const paths = all ? [] : settings.paths
    const { commits, read } = await list(mirror, { ...start, paths, q, limit })
    return { items: await view(commits), next: read === undefined ? null : `${start.from}.${read}` }
  } catch (error) {
    throw unreachable(repository, error)
  }
}

/**
 * One commit, by its 7 to 40 first digits; fetched where the mirror does not have it. Throws `not_found`,
 * `repository_unreachable`.
 */
export async function getCommit(
  ctx: Context,
  { project_id, commit }: { project_id: string; commit: string },
): Promise<ReleasableCommit> {
  authorize(ctx, 'catalogue.read', { project_id })
  const { repository, mirror } = await openRepository(ctx, project_id)
  const missing = new DomainError('not_found', { what: 'commit', id: commit })
  const sha = await findCommit(ctx, project_id, commit).catch((error: unknown) => {
    throw error instanceof DomainError && error.code === 'invalid' ? missing : error
  })
  const [found] = await withLive(ctx, project_id, repository.name, await readCommits(mirror, [sha]))
  if (!found) throw missing
  return found
}

/** Undefined where the repository has no commit yet. */
async function startOf(
  mirror: Mirror,
  branch: string | null,
  after: string | undefined,
): Promise<{ from: string; skip: number } | undefined> {
  if (after !== undefined) {
    const [, from, read] = /^([0-9a-f]{40})\.([0-9]{1,9})$/.exec(after) ?? []
    if (!from || (await resolveCommit(mirror, from)) !== from)
      throw invalidField('query.after', 'invalid', 'is not the `next` of a page')
    return { from, skip: Number(read) }
  }
  const head = branch === null || isBranchName(branch) ? await resolveHead(mirror, branch) : undefined
  if (!head && branch !== null) throw new DomainError('not_found', { what: 'branch', id: branch })
  return head && { from: head.sha, skip: 0 }
}

async function withLive(
  ctx: Context,
  project_id: string,
  repository: string,
  commits: readonly Commit[],
): Promise<ReleasableCommit[]> {
  const names = new Map((await readableEnvironments(ctx, project_id)).map(({ id, name }) => [id, name]))
  const live = await listLiveByKeys(ctx.db, [...names.keys()], [repository])
  return commits.map((commit) => ({
    ...commit,
    repository,
    live: live
      .filter(({ version }) => version === commit.sha)
      .map(({ environment_id, uncertain }) => ({
        environment_name: names.get(environment_id) ?? '',
        version: commit.sha,
        uncertain,
      })),
  }))
}
