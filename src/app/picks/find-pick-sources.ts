import { isCommitText, isAncestor, resolveHead } from '#catalogue/code/resolve-commit.ts'
import {
  findPullRequest,
  listRange,
  mostSources,
  sourcesOf,
  type Source,
} from '#catalogue/code/pick/find-sources.ts'
import { lineOf } from '#catalogue/code/text-of.ts'
import { readPatchIds } from '#catalogue/code/changelog/patch-ids.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import type { Mirror } from '#ground/git/mirrors.ts'
import type { PickSource } from '#store/candidate-pick.ts'
import { asPrincipal, type Context } from '../context.ts'
import { refreshMirror } from '../repositories/fetch-repository.ts'
import { findCommit } from '../repositories/find-commit.ts'
import { openRepository, type OpenRepository } from '../repositories/open-repository.ts'

/** What is to be picked: a commit, all that leads to it from another one (left out), or a pull request. */
export interface PickAsked {
  /** 7 to 40 hexadecimal digits. */
  commit?: string | undefined
  since?: string | undefined
  pull_request?: number | undefined
}

export interface FoundSources extends OpenRepository {
  /** Oldest first. */
  sources: PickSource[]
}

/**
 * The commits that are asked for, as the repository has them; it is fetched where the mirror does not know them. Throws
 * `invalid` (`commit`, `since`, `pull_request`), `not_found`, `repository_unreachable`.
 */
export async function findPickSources(
  ctx: Context,
  project_id: string,
  asked: PickAsked,
): Promise<FoundSources> {
  const house = asPrincipal(ctx, null)
  const { commit, pull_request } = asked
  if ((commit === undefined) === (pull_request === undefined))
    throw invalidField('commit', 'required', 'or pull_request has to be given, and not both')
  const found = await openRepository(house, project_id)
  const sources =
    commit === undefined
      ? await byPullRequest(house, found, pull_request!)
      : await byCommit(house, found, project_id, commit, asked.since)
  if (sources.length > mostSources)
    throw invalidField(
      commit === undefined ? 'pull_request' : 'since',
      'too_many',
      `is more than ${mostSources} commits: that is a release of its own`,
    )
  return { ...found, sources: await withPatches(found.mirror, sources) }
}

async function byCommit(
  house: Context,
  { mirror }: OpenRepository,
  project_id: string,
  commit: string,
  since: string | undefined,
): Promise<Source[]> {
  const until = await findCommit(house, project_id, commit)
  if (since === undefined) return sourcesOf(mirror, [until])
  if (!isCommitText(since)) throw invalidField('since', 'invalid', 'must be 7 to 40 hexadecimal digits')
  const from = await findCommit(house, project_id, since)
  if (from === until || !(await isAncestor(mirror, from, until)))
    throw invalidField('since', 'invalid', 'must be a commit that the other one comes after')
  const shas = await listRange(mirror, from, until)
  if (shas.length === 0)
    throw invalidField('since', 'invalid', 'must be on the way by first parents to the other one')
  return sourcesOf(mirror, shas)
}

async function byPullRequest(
  house: Context,
  { settings, repository, mirror }: OpenRepository,
  number: number,
): Promise<Source[]> {
  const look = async (there: Mirror) => {
    const head = await resolveHead(there, settings.branch)
    return head ? findPullRequest(there, head.sha, number) : []
  }
  const known = await look(mirror)
  if (known.length > 0) return known
  const sources = await look(await refreshMirror(house, repository))
  if (sources.length > 0) return sources
  throw invalidField(
    'pull_request',
    'unknown',
    `#${number} is not to be found in ${repository.name}: neither in its history, as (#${number}) or as a merge, nor open`,
  )
}

async function withPatches(mirror: Mirror, sources: readonly Source[]): Promise<PickSource[]> {
  const patches = new Map<string, string>()
  for await (const batch of readPatchIds(
    mirror,
    sources.map(({ sha }) => sha),
  ))
    for (const { sha, patch_id } of batch) patches.set(sha, patch_id)
  return sources.map(({ sha, pull_request, title }) => ({
    source_sha: sha,
    patch_id: patches.get(sha) || null,
    pull_request,
    title: lineOf(title, longestTitle),
  }))
}

const longestTitle = 500

/** A candidate that has no commit yet cannot be picked on. */
export function notPickable({ version, state }: { version: string; state: string }, action = 'be picked on') {
  return new DomainError('not_possible_now', { what: 'candidate', id: version, state, action })
}
