import { setFreeze } from '#app/freezes/set-freeze.ts'
import { thawEnvironment } from '#app/freezes/thaw-environment.ts'
import { releaseHold } from '#app/holds/release-hold.ts'
import { builder } from '../builder.ts'
import type { Caller } from '../caller.ts'
import { placeIn, reasonIn } from '../inputs.ts'
import { mutationCost } from '../limits.ts'
import { EnvironmentRef } from '../refs.ts'
import { answered, resultOf } from '../results.ts'

type Place = Awaited<ReturnType<typeof placeIn>> & { reason: string }

const result = (mutation: string) =>
  resultOf<{ environment_id: string }>(mutation, (t) => ({
    environment: t.field({ type: EnvironmentRef, resolve: ({ environment_id }) => environment_id }),
  }))

/** Something that is done to one environment, and says why. */
function guard(
  caller: Caller,
  input: { project: string; environment: string; reason: string },
  work: (place: Place) => Promise<unknown>,
) {
  return answered(
    caller,
    async () => {
      const reason = reasonIn(input.reason)
      const place = await placeIn(caller, input)
      await work({ ...place, ...reason })
      return { environment_id: place.environment_id }
    },
    { renamed: { expires_at: 'expiresAt' } },
  )
}

const FreezeInput = builder.inputType('FreezeReleaseEnvironmentInput', {
  fields: (t) => ({
    project: t.string({ required: true }),
    environment: t.string({ required: true }),
    reason: t.string({ required: true }),
    expiresAt: t.field({ type: 'DateTime', description: 'When it ends by itself.' }),
  }),
})
const FreezeResult = result('FreezeReleaseEnvironment')

builder.mutationField('freezeReleaseEnvironment', (t) =>
  t.field({
    type: FreezeResult,
    description: 'Stops deployments to an environment, until it is lifted or expires.',
    complexity: mutationCost,
    args: { input: t.arg({ type: FreezeInput, required: true }) },
    resolve: (_root, { input }, caller) =>
      guard(caller, input, (place) =>
        setFreeze(caller.ctx, { ...place, ...(input.expiresAt ? { expires_at: input.expiresAt } : {}) }),
      ),
  }),
)

const UnfreezeInput = builder.inputType('UnfreezeReleaseEnvironmentInput', {
  fields: (t) => ({
    project: t.string({ required: true }),
    environment: t.string({ required: true }),
    reason: t.string({ required: true }),
  }),
})
const UnfreezeResult = result('UnfreezeReleaseEnvironment')

builder.mutationField('unfreezeReleaseEnvironment', (t) =>
  t.field({
    type: UnfreezeResult,
    description:
      'Lifts the emergency stops of an environment. Windows that recur stand, and stops of a whole project.',
    complexity: mutationCost,
    args: { input: t.arg({ type: UnfreezeInput, required: true }) },
    resolve: (_root, { input }, caller) =>
      guard(caller, input, (place) => thawEnvironment(caller.ctx, place)),
  }),
)

const HoldInput = builder.inputType('ReleaseHoldInput', {
  fields: (t) => ({
    project: t.string({ required: true }),
    environment: t.string({ required: true }),
    reason: t.string({ required: true }),
  }),
})
const HoldResult = result('ReleaseHold')

builder.mutationField('releaseHold', (t) =>
  t.field({
    type: HoldResult,
    description: 'Lets in again what comes by itself, and what was rolled back from.',
    complexity: mutationCost,
    args: { input: t.arg({ type: HoldInput, required: true }) },
    resolve: (_root, { input }, caller) => guard(caller, input, (place) => releaseHold(caller.ctx, place)),
  }),
)
