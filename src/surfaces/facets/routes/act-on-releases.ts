import { Type } from 'typebox'
import { approveDeployment } from '#app/approvals/approve-deployment.ts'
import { rejectDeployment } from '#app/approvals/reject-deployment.ts'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { getPlanById } from '#app/deployments/get-plan.ts'
import { signOffDeployment } from '#app/deployments/sign-off-deployment.ts'
import { simulateRelease } from '#app/infra/simulate-release.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import type { deployments } from '../endpoints/deployments.ts'
import { findCluster } from '../find-place.ts'
import { findRelease, tellAgain } from '../find-release.ts'
import { readLogPage, streamLog } from '../read-log.ts'
import { text } from '../read-query.ts'
import type { Call, Route, Routes } from '../route.ts'
import { writeLog } from '../translate/deployment-log.ts'
import { writeDifference } from '../translate/simulated.ts'
import { writePlan } from '../write-plan.ts'
import { planRollback } from '../plan-rollback.ts'
import { unlockState } from '../unlock-state.ts'
import { DeploymentLog, LogPage, SimulatedChange } from '../wire/deployment.ts'

type ActRoutes = Pick<
  Routes<typeof deployments>,
  | 'approve'
  | 'reject'
  | 'abort'
  | 'unlock'
  | 'logs'
  | 'logStream'
  | 'plan'
  | 'signOff'
  | 'simulate'
  | 'rollbackPlan'
>

/** What is said is said of the plan that is there now. */
const answers = (say: typeof approveDeployment, action: 'approve' | 'reject'): Route => ({
  answer: DeploymentLog,
  async handle(call) {
    const { place, told } = await findRelease(call)
    const { id: deployment_id, plan_id, state, part } = told
    if (plan_id === null || part === 'done')
      throw new DomainError('not_possible_now', { what: 'deployment', id: deployment_id, state, action })
    const { digest: plan_digest } = await getPlanById(call.ctx, { plan_id })
    await say(call.ctx, { deployment_id, plan_digest })
    return writeLog(await tellAgain(call, place, told))
  },
})

export const actRoutes: ActRoutes = {
  approve: answers(approveDeployment, 'approve'),
  reject: answers(rejectDeployment, 'reject'),
  abort: {
    answer: 'nothing',
    async handle(call) {
      const { told } = await findRelease(call)
      // What was asked for is over: what Bot does goes on under its own log.
      const { id: deployment_id, part } = told
      if (part === 'asked')
        throw new DomainError('not_possible_now', {
          ...{ what: 'deployment', id: deployment_id, state: 'approved', action: 'abort' },
        })
      await cancelDeployment(call.ctx, { deployment_id })
    },
  },
  signOff: {
    answer: DeploymentLog,
    async handle(call) {
      const { place, told } = await findRelease(call)
      await signOffDeployment(call.ctx, { deployment_id: told.id })
      return writeLog(await tellAgain(call, place, told))
    },
  },
  simulate: {
    answer: Type.Array(SimulatedChange),
    async handle(call) {
      const { project_id, environment_id } = await findCluster(call, call.params['clusterId'] ?? '')
      return (await simulateRelease(call.ctx, { project_id, environment_id })).flatMap(writeDifference)
    },
  },
  rollbackPlan: {
    answer: DeploymentLog,
    async handle(call) {
      const { place, told } = await findRelease(call)
      const { resourceType: type = '', resourceName: name = '' } = call.params
      return planRollback(call, place, told.id, { type, name })
    },
  },
  unlock: {
    query: { lockId: Type.String() },
    answer: DeploymentLog,
    async handle(call) {
      const place = await findCluster(call, call.params['clusterId'] ?? '')
      const lockId = text(call.query, 'lockId')
      if (lockId === undefined) throw invalidField('lockId', 'required', 'is required')
      return unlockState(call, place, lockId)
    },
  },
  logs: {
    query: { nextToken: Type.String() },
    answer: LogPage,
    async handle(call) {
      const { told } = await findRelease(call)
      return readLogPage(call, told.id)
    },
  },
  logStream: {
    answer: 'raw',
    async handle(call: Call) {
      const { told } = await findRelease(call)
      return streamLog(call, told.id)
    },
  },
  plan: {
    answer: Type.Record(Type.String(), Type.String()),
    async handle(call) {
      const { place, told } = await findRelease(call)
      return writePlan(call, place, told)
    },
  },
}
