import { findCommitPlaces, type CommitPlaces } from '#app/changelog/find-commit-places.ts'
import { isDomainError } from '#domain/errors.ts'
import { builder } from '../builder.ts'
import { CommitPresence } from '../enums.ts'
import { historyCost } from '../limits.ts'
import { projectNamed } from '../lookups.ts'
import { CandidateRef, EnvironmentRef } from '../refs.ts'
import { PullRequestRef } from './pull-request.ts'

/** How many candidates are told at once: most commits are in every one that is newer. */
const mostCandidates = 100

const InCandidate = builder.objectRef<CommitPlaces['candidates'][number]>('CommitInCandidate').implement({
  description: 'A candidate that has the commit, or its change.',
  fields: (t) => ({
    releaseCandidate: t.field({ type: CandidateRef, resolve: ({ id }) => id }),
    how: t.field({ type: CommitPresence, resolve: ({ how }) => how }),
    as: t.exposeString('as', { description: 'The commit by which it has it.' }),
  }),
})

const InEnvironment = builder
  .objectRef<CommitPlaces['environments'][number]>('CommitInEnvironment')
  .implement({
    description: 'Whether the commit, or its change, is live in an environment.',
    fields: (t) => ({
      environment: t.field({ type: EnvironmentRef, resolve: ({ id }) => id }),
      contains: t.exposeBoolean('contains'),
      releaseCandidate: t.field({
        type: CandidateRef,
        nullable: true,
        description: 'What is live there.',
        resolve: ({ candidate_id }) => candidate_id,
      }),
      how: t.field({ type: CommitPresence, nullable: true, resolve: ({ how }) => how }),
      uncertain: t.exposeBoolean('uncertain', {
        description: 'A deployment reached it and did not succeed: what is live may be anything.',
      }),
    }),
  })

const LocationRef = builder.objectRef<CommitPlaces>('CommitLocation').implement({
  description: 'Where a commit is.',
  fields: (t) => ({
    commit: t.string({ resolve: ({ commit }) => commit.sha }),
    title: t.string({ resolve: ({ commit }) => commit.subject }),
    authorName: t.string({ resolve: ({ commit }) => commit.author.name }),
    committedAt: t.field({ type: 'DateTime', resolve: ({ commit }) => commit.committed_at }),
    pullRequest: t.field({
      type: PullRequestRef,
      nullable: true,
      resolve: ({ commit }) => commit.pull_request,
    }),
    candidates: t.field({
      type: [InCandidate],
      description: `Newest first, at most ${mostCandidates}.`,
      complexity: { field: 1, multiplier: mostCandidates },
      resolve: ({ candidates }) => candidates.slice(0, mostCandidates),
    }),
    environments: t.field({
      type: [InEnvironment],
      description: 'All that the caller may see, in pipeline order.',
      complexity: { field: 1, multiplier: 10 },
      resolve: ({ environments }) => environments,
    }),
  }),
})

/** It could be a commit, and the repository has none of that id. */
function isUnknown(error: unknown): boolean {
  return isDomainError(error, 'invalid') && error.details.faults.every(({ fault }) => fault === 'unknown')
}

builder.queryField('whereIsCommit', (t) =>
  t.field({
    type: LocationRef,
    nullable: true,
    description: 'Which candidates and environments have a commit, or its change; null where there is none.',
    complexity: historyCost,
    args: {
      project: t.arg.string({ required: true }),
      commit: t.arg.string({ required: true, description: '7 to 40 hexadecimal digits.' }),
    },
    resolve: async (_root, { project, commit }, caller) => {
      const found = await projectNamed(caller, project)
      if (!found) return null
      return findCommitPlaces(caller.ctx, { project_id: found.id, commit }).catch((error: unknown) => {
        if (isDomainError(error, 'not_found') || isUnknown(error)) return null
        throw error
      })
    },
  }),
)
