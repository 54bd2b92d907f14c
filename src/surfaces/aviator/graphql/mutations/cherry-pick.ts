import { findCandidate } from '#app/candidates/find-candidate.ts'
import { acceptResolution } from '#app/picks/accept-resolution.ts'
import { dropCandidate } from '#app/picks/drop-candidate.ts'
import { pickAgain } from '#app/picks/pick-again.ts'
import { requestPick, type PickAnswer } from '#app/picks/request-pick.ts'
import { builder } from '../builder.ts'
import type { Caller } from '../caller.ts'
import { PickPresence } from '../enums.ts'
import { projectIn, textIn, versionIn } from '../inputs.ts'
import { mutationCost } from '../limits.ts'
import { CandidateRef } from '../refs.ts'
import { answered, resultOf } from '../results.ts'

const PickInput = builder.inputType('CherryPickInput', {
  description: 'One commit, or the commits of one pull request, into one release and newer ones.',
  fields: (t) => ({
    project: t.string({ required: true }),
    commit: t.string({ description: '7 to 40 hexadecimal digits.' }),
    pullRequest: t.int({ description: 'Its number, instead of a commit.' }),
    since: t.string({ description: 'A commit: all that came after it, up to `commit`, is picked.' }),
    base: t.string({ required: true, description: 'The version of the candidate that it is picked on.' }),
    also: t.stringList({ description: 'Versions of candidates of newer releases that get it too.' }),
    reason: t.string(),
  }),
})

const Picked = builder.objectRef<PickAnswer>('CherryPickedInto').implement({
  description: 'What was made of one release’s candidate.',
  fields: (t) => ({
    base: t.field({ type: CandidateRef, resolve: ({ base }) => base }),
    releaseCandidate: t.field({
      type: CandidateRef,
      nullable: true,
      description: 'The next candidate; null where the base has it already.',
      resolve: ({ candidate }) => candidate,
    }),
    alreadyIncluded: t.field({
      type: PickPresence,
      nullable: true,
      description: 'How the base has it already.',
      resolve: ({ included }) => included,
    }),
  }),
})

const PickResult = resultOf<{ picked: PickAnswer[] }>('CherryPick', (t) => ({
  results: t.field({
    type: [Picked],
    description: 'Of the base first.',
    complexity: { field: 1, multiplier: 10 },
    resolve: ({ picked }) => picked,
  }),
}))

builder.mutationField('cherryPick', (t) =>
  t.field({
    type: PickResult,
    description: 'Puts commits on top of candidates: the next candidate of each release, once it is done.',
    complexity: mutationCost,
    args: { input: t.arg({ type: PickInput, required: true }) },
    resolve: (_root, { input }, caller) =>
      answered(
        caller,
        async () => {
          const { base, also, pullRequest, project } = input
          const asked = {
            ...textIn('commit', input.commit, 'name'),
            ...textIn('since', input.since, 'name'),
            ...textIn('reason', input.reason),
            ...(typeof pullRequest === 'number' ? { pull_request: pullRequest } : {}),
          }
          const project_id = await projectIn(caller.ctx, project)
          const picked = await requestPick(caller.ctx, {
            project_id,
            base,
            ...(also ? { also } : {}),
            ...asked,
          })
          return { picked }
        },
        { renamed: { pull_request: 'pullRequest' } },
      ),
  }),
)

/** What is done to one candidate: it is named, and says why. */
function ofCandidate(
  name: 'acceptCherryPickResolution' | 'dropReleaseCandidate' | 'retryCherryPick',
  description: string,
  work: (
    ctx: Caller['ctx'],
    asked: { candidate_id: string; commit?: string; reason?: string },
  ) => Promise<unknown>,
  withCommit = false,
) {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}`
  const Input = builder.inputType(`${type}Input`, {
    fields: (t) => ({
      project: t.string({ required: true }),
      releaseCandidateVersion: t.string({ required: true }),
      ...(withCommit
        ? { commit: t.string({ description: 'What stands on its branches when left out.' }) }
        : {}),
      reason: t.string(),
    }),
  })
  const Result = resultOf<{ candidate_id: string }>(type, (t) => ({
    releaseCandidate: t.field({ type: CandidateRef, resolve: ({ candidate_id }) => candidate_id }),
  }))
  builder.mutationField(name, (t) =>
    t.field({
      ...{ type: Result, description, complexity: mutationCost },
      args: { input: t.arg({ type: Input, required: true }) },
      resolve: (_root, { input }, caller) =>
        answered(caller, async () => {
          const { project, releaseCandidateVersion, reason } = input
          const commit = 'commit' in input ? (input.commit as string | null | undefined) : undefined
          const version = versionIn(releaseCandidateVersion)
          const project_id = await projectIn(caller.ctx, project)
          const { id: candidate_id } = await findCandidate(caller.ctx, { project_id, version })
          const said = { ...textIn('commit', commit, 'name'), ...textIn('reason', reason) }
          await work(caller.ctx, { candidate_id, ...said })
          return { candidate_id }
        }),
    }),
  )
}

ofCandidate(
  'acceptCherryPickResolution',
  'Takes what somebody made of a conflict as the candidate’s commit.',
  acceptResolution,
  true,
)
ofCandidate(
  'dropReleaseCandidate',
  'Gives up a candidate that is in conflict, or whose pick failed. Its number is not used again.',
  dropCandidate,
)
ofCandidate('retryCherryPick', 'Picks once more what failed, or pushes what could not be pushed.', pickAgain)
