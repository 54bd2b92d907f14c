import { candidatesWith, keepCandidates } from '#catalogue/code/candidate-refs.ts'
import { equalCommits, type EqualCommit } from '#catalogue/code/equal-commits.ts'
import { pullRequestOf, type PullRequest } from '#catalogue/code/pull-request-of.ts'
import { readCommits } from '#catalogue/code/read-commits.ts'
import { lineOf } from '#catalogue/code/text-of.ts'
import { DomainError } from '#domain/errors.ts'
import { listCandidateCommits, type CandidateCommit } from '#store/candidate-commit.ts'
import { listLiveCommits } from '#store/changelog-point.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { readableEnvironments } from '../releases/read-place.ts'
import { findCommit } from '../repositories/find-commit.ts'
import { openRepository, type OpenRepository } from '../repositories/open-repository.ts'

/** How something has a commit: the commit itself, or another one that is its change. */
export type Having = 'commit' | EqualCommit['how']

export interface CommitPlaces {
  commit: {
    sha: string
    subject: string
    author: { name: string; email: string }
    committed_at: Date
    pull_request: PullRequest | null
  }
  /** Commits that are the same change. */
  same: EqualCommit[]
  /** Those that have it, newest first; `as`: by which commit. */
  candidates: (CandidateCommit & { how: Having; as: string })[]
  /** All that the caller may see, in pipeline order. */
  environments: {
    id: string
    name: string
    contains: boolean
    candidate_id: string | null
    version: string | null
    how: Having | null
    uncertain: boolean
  }[]
}

/**
 * Where a commit is, by 7 to 40 digits of its id: which candidates have it or its change, and where one of them is
 * live. Throws `not_found`, `forbidden`, `invalid` (`commit`), `repository_unreachable`.
 */
export async function findCommitPlaces(
  ctx: Context,
  { project_id, commit: text }: { project_id: string; commit: string },
): Promise<CommitPlaces> {
  authorize(ctx, 'release.read', { project_id })
  authorize(ctx, 'live.read', { project_id })
  const sha = await findCommit(ctx, project_id, text)
  const repository = await openRepository(ctx, project_id)
  const candidates = await listCandidateCommits(ctx.db, project_id)
  await keepCandidates(repository.mirror, candidates)
  const { having, same } = await whoHas(ctx, repository, sha)
  const environments = await readableEnvironments(ctx, project_id)
  const live = await listLiveCommits(
    ctx.db,
    environments.map(({ id }) => id),
  )
  const versions = new Map(candidates.map(({ id, version }) => [id, version]))
  return {
    commit: await describe(repository, sha),
    same,
    candidates: candidates.flatMap((one) => {
      const found = having.get(one.id)
      return found ? { ...one, ...found } : []
    }),
    environments: environments.map(({ id, name }) => {
      const there = live.find(({ environment_id }) => environment_id === id)
      const candidate_id = there?.candidate_id ?? null
      const found = candidate_id === null ? undefined : having.get(candidate_id)
      const version = candidate_id === null ? null : (versions.get(candidate_id) ?? null)
      const uncertain = there?.uncertain ?? false
      return { id, name, contains: !!found, candidate_id, version, how: found?.how ?? null, uncertain }
    }),
  }
}

type HowAs = { how: Having; as: string }

/** By a candidate's id, how it has the commit: the commit itself says most. */
async function whoHas(
  { db }: Context,
  { mirror, repository }: OpenRepository,
  sha: string,
): Promise<{ having: Map<string, HowAs>; same: EqualCommit[] }> {
  const same = await equalCommits({ db, mirror, repository_id: repository.id }, sha)
  const having = new Map<string, HowAs>()
  for (const { sha: as, how } of [{ sha, how: 'commit' as const }, ...same])
    for (const id of await candidatesWith(mirror, as)) if (!having.has(id)) having.set(id, { how, as })
  return { having, same }
}

async function describe({ mirror }: OpenRepository, sha: string): Promise<CommitPlaces['commit']> {
  const [commit] = await readCommits(mirror, [sha])
  if (!commit) throw new DomainError('not_found', { what: 'commit', id: sha })
  const request = pullRequestOf(`${commit.subject}\n\n${commit.body}`)
  return {
    sha,
    subject: lineOf(commit.subject, 500),
    author: { name: lineOf(commit.author.name, 200), email: lineOf(commit.author.email, 200) },
    committed_at: commit.committed_at,
    pull_request: request ? { ...request, title: lineOf(request.title, 500) } : null,
  }
}
