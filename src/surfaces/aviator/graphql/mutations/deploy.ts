import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { deployCandidate } from '#app/deployments/deploy-candidate.ts'
import { reportCandidate } from '#app/deployments/report-candidate.ts'
import { rollBackCode } from '#app/deployments/roll-back-code.ts'
import { DomainError } from '#domain/errors.ts'
import { builder } from '../builder.ts'
import { DeploymentStatus } from '../enums.ts'
import { idOf } from '../ids.ts'
import { placeIn, textIn, versionIn } from '../inputs.ts'
import { mutationCost } from '../limits.ts'
import { DeploymentRef, EnvironmentRef } from '../refs.ts'
import { answered, resultOf } from '../results.ts'

interface Made {
  deployment_id: string
}

const result = (mutation: string) =>
  resultOf<Made>(mutation, (t) => ({
    deployment: t.field({ type: DeploymentRef, resolve: ({ deployment_id }) => deployment_id }),
  }))

const CreateInput = builder.inputType('CreateDeploymentInput', {
  fields: (t) => ({
    project: t.string({ required: true }),
    environment: t.string({ required: true }),
    releaseCandidateVersion: t.string({ required: true }),
    reason: t.string(),
    force: t.boolean({ description: 'Sets a freeze aside, by somebody who may.' }),
  }),
})
const CreateResult = result('CreateDeployment')

builder.mutationField('createDeployment', (t) =>
  t.field({
    type: CreateResult,
    description:
      'Brings a candidate to an environment, behind what is under way there. One that is under way already is answered as it is.',
    complexity: mutationCost,
    args: { input: t.arg({ type: CreateInput, required: true }) },
    resolve: (_root, { input }, caller) =>
      answered(caller, async () => {
        const version = versionIn(input.releaseCandidateVersion)
        const place = await placeIn(caller, input)
        const said = { ...textIn('reason', input.reason), force: input.force ?? false }
        return { deployment_id: await deployCandidate(caller.ctx, { ...place, version, ...said }) }
      }),
  }),
)

const StatusInput = builder.inputType('UpdateDeploymentStatusInput', {
  fields: (t) => ({
    project: t.string({ required: true }),
    environment: t.string({ required: true }),
    releaseCandidateVersion: t.string({ required: true }),
    status: t.field({ type: DeploymentStatus, required: true }),
    errorMessage: t.string(),
  }),
})
const StatusResult = result('UpdateDeploymentStatus')

builder.mutationField('updateDeploymentStatus', (t) =>
  t.field({
    type: StatusResult,
    description:
      'Says how a deployment stands that somebody does by their own means; makes it where it is new.',
    complexity: mutationCost,
    args: { input: t.arg({ type: StatusInput, required: true }) },
    resolve: (_root, { input }, caller) =>
      answered(caller, async () => {
        const version = versionIn(input.releaseCandidateVersion)
        const place = await placeIn(caller, input)
        const detail = textIn('detail', input.errorMessage, 'message')
        const report = { ...place, version, status: input.status, ...detail }
        return { deployment_id: await reportCandidate(caller.ctx, report) }
      }),
  }),
)

const CancelInput = builder.inputType('CancelDeploymentInput', {
  fields: (t) => ({ deploymentId: t.id({ required: true }), reason: t.string() }),
})
const CancelResult = result('CancelDeployment')

builder.mutationField('cancelDeployment', (t) =>
  t.field({
    type: CancelResult,
    description: 'Cancels at once what has not started; what runs is asked to stop.',
    complexity: mutationCost,
    args: { input: t.arg({ type: CancelInput, required: true }) },
    resolve: (_root, { input: { deploymentId, reason } }, caller) =>
      answered(caller, async () => {
        const deployment_id = idOf('Deployment', deploymentId)
        if (deployment_id === undefined)
          throw new DomainError('not_found', { what: 'deployment', id: deploymentId })
        await cancelDeployment(caller.ctx, { deployment_id, ...textIn('reason', reason) })
        return { deployment_id }
      }),
  }),
)

const RollbackInput = builder.inputType('RollbackEnvironmentInput', {
  fields: (t) => ({
    project: t.string({ required: true }),
    environment: t.string({ required: true }),
    releaseCandidateVersion: t.string({ description: 'What to go back to; what ran before when left out.' }),
    reason: t.string(),
    force: t.boolean({ description: 'Sets a freeze aside, by somebody who may.' }),
  }),
})
const RollbackResult = resultOf<Made & { environment_id: string }>('RollbackEnvironment', (t) => ({
  deployment: t.field({ type: DeploymentRef, resolve: ({ deployment_id }) => deployment_id }),
  environment: t.field({ type: EnvironmentRef, resolve: ({ environment_id }) => environment_id }),
}))

builder.mutationField('rollbackEnvironment', (t) =>
  t.field({
    type: RollbackResult,
    description:
      'Cancels what is under way there, deploys what ran before, and holds the environment: what was rolled back from does not come back by itself.',
    complexity: mutationCost,
    args: { input: t.arg({ type: RollbackInput, required: true }) },
    resolve: (_root, { input }, caller) =>
      answered(
        caller,
        async () => {
          const { releaseCandidateVersion: to } = input
          const version = to ? { version: versionIn(to) } : {}
          const place = await placeIn(caller, input)
          const said = { ...textIn('reason', input.reason), force: input.force ?? false }
          const { id } = await rollBackCode(caller.ctx, { ...place, ...version, ...said })
          return { deployment_id: id, environment_id: place.environment_id }
        },
        { route: '/rollback' },
      ),
  }),
)
