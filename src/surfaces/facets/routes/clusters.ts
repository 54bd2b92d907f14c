import { Type } from 'typebox'
import { getEnvironmentByName } from '#app/environments/get-environment.ts'
import { checkBlueprint } from '#app/infra/check-blueprint.ts'
import type { clusters } from '../endpoints/clusters.ts'
import { findCluster, findStack } from '../find-place.ts'
import type { Call, Routes } from '../route.ts'
import { tellCluster } from '../tell-clusters.ts'
import { writeFinding } from '../translate/finding.ts'
import { AbstractCluster } from '../wire/cluster.ts'
import { ValidationResponse } from '../wire/deployment.ts'

const place = (call: Call) => findCluster(call, call.params['clusterId'] ?? '')
const one = { answer: AbstractCluster, handle: async (call: Call) => tellCluster(call, await place(call)) }
/** The blueprint is read as it is now, both times: what was found once may be put right since. */
const findings = {
  answer: Type.Array(ValidationResponse),
  async handle(call: Call) {
    const { project_id, environment_id } = await place(call)
    const checked = await checkBlueprint(call.ctx, { project_id, environment_id })
    return checked.findings.map(writeFinding)
  },
}

export const clusterRoutes: Routes<typeof clusters> = {
  get: one,
  info: one,
  infoByName: {
    answer: AbstractCluster,
    async handle(call) {
      const { id: project_id } = await findStack(call, call.params['stackName'] ?? '')
      const name = call.params['clusterName'] ?? ''
      const environment = await getEnvironmentByName(call.ctx, { project_id, name })
      return tellCluster(call, { project_id, environment_id: environment.id, environment })
    },
  },
  validationErrors: findings,
  validate: findings,
}
