import { Type } from 'typebox'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { getDeployment } from '#app/deployments/get-deployment.ts'
import { tellReleases } from '#app/infra/tell-releases.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import type { queue } from '../endpoints/queue.ts'
import { findCluster, findStack } from '../find-place.ts'
import { readRelease } from '../find-release.ts'
import { pause } from '../pause.ts'
import { flagIn, objectIn, type Body } from '../read-body.ts'
import type { Call, Routes } from '../route.ts'
import { standingsOf } from '../status.ts'
import { writeQueued } from '../translate/deployment-log.ts'
import { QueuedRelease } from '../wire/deployment.ts'
import { PauseRelease } from '../wire/schedule.ts'
import { scheduleRoutes } from './schedules.ts'

/** The queue of a cluster comes whole. */
const mostQueued = 1000

const cluster = (call: Call) => findCluster(call, call.params['clusterId'] ?? '')

export const queueRoutes: Routes<typeof queue> = {
  list: {
    answer: Type.Array(QueuedRelease),
    async handle(call) {
      const { project_id, environment_id } = await cluster(call)
      const place = { project_id, environment_id, standings: standingsOf(['QUEUED']) }
      const told = await tellReleases(call.ctx, { ...place, limit: mostQueued, offset: 0 })
      // The first that was asked for is the next.
      return told.toReversed().map((one) => writeQueued(one, call.params['clusterId'] ?? ''))
    },
  },
  remove: {
    answer: 'nothing',
    async handle(call) {
      const place = await cluster(call)
      const id = call.params['queuedReleaseId'] ?? ''
      const { deployment_id } = await readRelease(call, id)
      const { state, version, environment_id } = await getDeployment(call.ctx, { deployment_id })
      if (environment_id !== place.environment_id)
        throw new DomainError('not_found', { what: 'deployment', id })
      if (state !== 'queued' && state !== 'requested')
        throw new DomainError('not_possible_now', {
          what: 'deployment',
          id,
          state,
          action: 'leave the queue',
        })
      // By its version: one that has started meanwhile goes on.
      await cancelDeployment(call.ctx, { deployment_id, version })
    },
  },
  pause: {
    body: PauseRelease,
    answer: Type.String(),
    async handle(call) {
      const { project_id, environment_id } = await cluster(call)
      const body = objectIn(call)
      const named = body['clusterId']
      if (typeof named === 'string' && named !== '' && named !== call.params['clusterId'])
        throw invalidField('clusterId', 'invalid', 'is another cluster than the address names')
      return sayPaused(call, { project_id, environment_id }, body)
    },
  },
  pauseStack: {
    body: PauseRelease,
    answer: Type.String(),
    async handle(call) {
      const { id: project_id } = await findStack(call, call.params['stackName'] ?? '')
      return sayPaused(call, { project_id }, objectIn(call))
    },
  },
  ...scheduleRoutes,
}

async function sayPaused(call: Call, place: Parameters<typeof pause>[1], body: Body): Promise<string> {
  if (body['pauseReleases'] === undefined || body['pauseReleases'] === null)
    throw invalidField('pauseReleases', 'required', 'is required')
  const wanted = flagIn(body, 'pauseReleases', false)
  await pause(call, place, wanted)
  return wanted ? 'Releases are paused' : 'Releases are resumed'
}
