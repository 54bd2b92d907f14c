import { deployCandidate } from '#app/deployments/deploy-candidate.ts'
import { reportCandidate } from '#app/deployments/report-candidate.ts'
import { rollBackCode } from '#app/deployments/roll-back-code.ts'
import { tellDeployment, tellDeployments } from '#app/deployments/tell-deployments.ts'
import { invalidField } from '#domain/errors.ts'
import { Type } from 'typebox'
import type { deployments } from '../endpoints/deployments.ts'
import { findEnvironment } from '../find-place.ts'
import { flagIn, optionalVersionIn, statusIn, textIn, versionIn } from '../read-fields.ts'
import type { Call, Routes } from '../route.ts'
import { writeDeployment } from '../translate/deployment.ts'
import { DeploymentAnswer, DeploymentReport, NewDeployment, Rollback } from '../wire.ts'

const limits = { page: 10, pageAtMost: 100, lastPage: 1_000_000_000, message: 10_000 }

// What is wrong is said in this order: version, project, environment, candidate (section 2.9, no. 2).
export const deploymentRoutes: Routes<typeof deployments> = {
  create: {
    body: NewDeployment,
    answer: DeploymentAnswer,
    status: 201,
    async handle(call) {
      const version = versionIn(call.body)
      const place = await findEnvironment(call)
      const force = flagIn(call.body, 'force')
      return answer(call, await deployCandidate(call.ctx, { ...place, version, force }))
    },
  },
  report: {
    body: DeploymentReport,
    answer: DeploymentAnswer,
    status: 200,
    async handle(call) {
      const version = versionIn(call.body)
      const status = statusIn(call.body)
      const detail = textIn(call.body, 'error_message', limits.message)
      const place = await findEnvironment(call)
      const said = detail === undefined ? { status } : { status, detail }
      return answer(call, await reportCandidate(call.ctx, { ...place, version, ...said }))
    },
  },
  list: {
    answer: Type.Array(DeploymentAnswer),
    status: 200,
    async handle(call) {
      const page = readCount(call, 'page', 1, limits.lastPage)
      const limit = Math.min(readCount(call, 'per_page', limits.page), limits.pageAtMost)
      const place = await findEnvironment(call)
      const told = await tellDeployments(call.ctx, { ...place, limit, offset: (page - 1) * limit })
      return told.map(writeDeployment)
    },
  },
  rollBack: {
    body: Rollback,
    answer: DeploymentAnswer,
    status: 201,
    async handle(call) {
      const version = optionalVersionIn(call.body)
      const place = await findEnvironment(call)
      const force = flagIn(call.body, 'force')
      const to = version === undefined ? { force } : { force, version }
      const { id } = await rollBackCode(call.ctx, { ...place, ...to })
      return answer(call, id)
    },
  },
}

async function answer({ ctx }: Call, deployment_id: string): Promise<DeploymentAnswer> {
  return writeDeployment(await tellDeployment(ctx, { deployment_id }))
}

/** A whole number from 1 on. Throws `invalid` (section 2.9, no. 14). */
function readCount({ query }: Call, field: string, usual: number, most = Number.MAX_SAFE_INTEGER): number {
  const value = query[field]
  if (value === undefined) return usual
  const number = typeof value === 'string' && /^[0-9]{1,15}$/.test(value) ? Number(value) : 0
  if (number >= 1) return Math.min(number, most)
  throw invalidField(field, 'invalid', 'must be a whole number from 1 on')
}
