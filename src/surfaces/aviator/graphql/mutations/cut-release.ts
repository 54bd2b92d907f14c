import { cutCandidate } from '#app/candidates/cut-candidate.ts'
import { rebuildCandidate } from '#app/candidates/rebuild-candidate.ts'
import { findCandidate } from '#app/candidates/find-candidate.ts'
import { getEnvironmentByName } from '#app/environments/get-environment.ts'
import { builder } from '../builder.ts'
import type { Caller } from '../caller.ts'
import { projectIn, textIn, versionIn } from '../inputs.ts'
import { mutationCost } from '../limits.ts'
import { CandidateRef, ReleaseRef } from '../refs.ts'
import { answered, resultOf } from '../results.ts'

const CutInput = builder.inputType('CutReleaseInput', {
  fields: (t) => ({
    project: t.string({ required: true }),
    version: t.string({
      description:
        'Of a release, `2026.11.21-1`: its next candidate. The release after the newest one when left out.',
    }),
    releaseCandidateVersion: t.string({
      description: 'The whole version of the candidate, `2026.11.21-1-rc2`.',
    }),
    commit: t.string({ description: '7 to 40 hexadecimal digits. The head of the branch when left out.' }),
    branch: t.string({ description: 'The project’s own when left out.' }),
    build: t.boolean({
      description:
        'Whether it is built, where the project builds; without, it is ready at once. True when left out.',
    }),
    deployTo: t.string({
      description:
        'The environment that it goes to by itself once it is ready. As the project says when left out.',
    }),
    reason: t.string(),
  }),
})

const CutResult = resultOf<{ candidate_id: string; release_id: string; created: boolean }>(
  'CutRelease',
  (t) => ({
    release: t.field({ type: ReleaseRef, resolve: ({ release_id }) => release_id }),
    releaseCandidate: t.field({ type: CandidateRef, resolve: ({ candidate_id }) => candidate_id }),
    created: t.exposeBoolean('created', {
      description: 'False where this version of this commit was there already.',
    }),
  }),
)

const RebuildInput = builder.inputType('RebuildReleaseCandidateInput', {
  fields: (t) => ({
    project: t.string({ required: true }),
    releaseCandidateVersion: t.string({ required: true }),
    reason: t.string(),
  }),
})

const RebuildResult = resultOf<{ candidate_id: string }>('RebuildReleaseCandidate', (t) => ({
  releaseCandidate: t.field({ type: CandidateRef, resolve: ({ candidate_id }) => candidate_id }),
}))

type Cut = typeof CutInput.$inferInput

async function cut(caller: Caller, input: Cut) {
  const { ctx } = caller
  const project_id = await projectIn(ctx, input.project)
  const { candidate, created } = await cutCandidate(ctx, {
    project_id,
    ...textIn('release', input.version, 'name'),
    ...textIn('version', input.releaseCandidateVersion, 'name'),
    ...textIn('commit', input.commit, 'name'),
    ...textIn('branch', input.branch, 'name'),
    ...textIn('reason', input.reason),
    build: input.build ?? true,
    ...(input.deployTo
      ? { deploy_to: (await getEnvironmentByName(ctx, { project_id, name: input.deployTo })).id }
      : {}),
  })
  return { candidate_id: candidate.id, release_id: candidate.release_id, created }
}

builder.mutationField('cutRelease', (t) =>
  t.field({
    type: CutResult,
    description: 'Makes a commit a candidate of a release, which is made where it is new.',
    complexity: mutationCost,
    args: { input: t.arg({ type: CutInput, required: true }) },
    resolve: (_root, { input }, caller) =>
      answered(caller, () => cut(caller, input), {
        renamed: { release: 'version', version: 'releaseCandidateVersion' },
      }),
  }),
)

builder.mutationField('rebuildReleaseCandidate', (t) =>
  t.field({
    type: RebuildResult,
    description: 'Builds a candidate once more; until that has ended it is not deployed.',
    complexity: mutationCost,
    args: { input: t.arg({ type: RebuildInput, required: true }) },
    resolve: (_root, { input }, caller) =>
      answered(caller, async () => {
        const version = versionIn(input.releaseCandidateVersion)
        const project_id = await projectIn(caller.ctx, input.project)
        const { id } = await findCandidate(caller.ctx, { project_id, version })
        await rebuildCandidate(caller.ctx, { candidate_id: id, ...textIn('reason', input.reason) })
        return { candidate_id: id }
      }),
  }),
)
