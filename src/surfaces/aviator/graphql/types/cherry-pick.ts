import type { CandidatePickRow } from '#app/picks/list-picks.ts'
import { builder } from '../builder.ts'
import { connectList, pageCost } from '../connection.ts'
import { CherryPickStatus, pickWords } from '../enums.ts'
import { picksOf } from '../reads.ts'
import { CandidateRef } from '../refs.ts'
import { PullRequestRef } from './pull-request.ts'

const PickRef = builder.objectRef<CandidatePickRow>('CherryPick').implement({
  description: 'A commit that a candidate has by a pick, or is to have, or has without.',
  fields: (t) => ({
    commit: t.exposeString('source_sha', { description: 'The commit that is picked, on its own branch.' }),
    title: t.exposeString('title'),
    pullRequest: t.field({
      type: PullRequestRef,
      nullable: true,
      resolve: ({ pull_request: number, title }) => (number === null ? null : { number, title }),
    }),
    status: t.field({
      type: CherryPickStatus,
      description: 'SKIPPED: the candidate has it without a pick.',
      resolve: ({ outcome }) => pickWords[outcome],
    }),
    pickedCommit: t.exposeString('commit_sha', { nullable: true, description: 'What it became.' }),
    conflictBranch: t.exposeString('conflict_branch', {
      nullable: true,
      description: 'Where its conflict can be resolved.',
    }),
    conflictPaths: t.exposeStringList('conflict_paths'),
    releaseCandidate: t.field({ type: CandidateRef, resolve: ({ candidate_id }) => candidate_id }),
  }),
})

builder.objectFields(CandidateRef, (t) => ({
  cherryPicks: t.connection(
    {
      type: PickRef,
      description: 'In the order in which they were picked.',
      complexity: pageCost,
      resolve: async ({ id }, args, caller) => connectList(await picksOf(caller, id), args),
    },
    { name: 'CherryPickConnection' },
    { name: 'CherryPickEdge' },
  ),
}))
