import { Type } from 'typebox'
import { invalidField } from '#domain/errors.ts'
import type { deployments } from '../endpoints/deployments.ts'
import { findCluster, type Place } from '../find-place.ts'
import { readRelease } from '../find-release.ts'
import { planRollback } from '../plan-rollback.ts'
import { flagIn, isObject, listIn, neededTextIn, objectIn, textIn, type Body } from '../read-body.ts'
import { flag, text } from '../read-query.ts'
import { resourcesIn } from '../read-resources.ts'
import { requestRelease, type Wanted } from '../request-release.ts'
import type { Call, Route, Routes } from '../route.ts'
import { unlockState } from '../unlock-state.ts'
import { DeploymentLog, DeploymentRequest, HotfixDeploymentRecipe } from '../wire/deployment.ts'
import { releaseTypes, type ReleaseType } from '../words.ts'

const Flag = (usual: boolean) => Type.Boolean({ default: usual })

const terms = (refresh: boolean) => ({
  withRefresh: Flag(refresh),
  forceRelease: Flag(false),
  allowDestroy: Flag(false),
  comment: Type.String(),
  canQueue: Flag(false),
  releaseTraceId: Type.String(),
})

/** What a query says of a release; only whether it refreshes is usual to the endpoint. Throws `invalid`. */
function readTerms({ query }: Call, usual: { refresh: boolean }): Omit<Wanted, 'type'> {
  return {
    refresh: flag(query, 'withRefresh', usual.refresh),
    force: flag(query, 'forceRelease', false),
    allow_destroy: flag(query, 'allowDestroy', false),
    can_queue: flag(query, 'canQueue', false),
    comment: text(query, 'comment', 10_000),
    trace_id: text(query, 'releaseTraceId', 200),
  }
}

const at = (call: Call): Promise<Place> => findCluster(call, call.params['clusterId'] ?? '')

/** The whole cluster. A body is not read: the vendor's own client sends one (section 2.7). */
const full = (typeOf: (call: Call) => ReleaseType): Route => ({
  query: terms(true),
  answer: DeploymentLog,
  async handle(call) {
    const place = await at(call)
    const wanted = { type: typeOf(call), ...readTerms(call, { refresh: true }) }
    return requestRelease(call, place, wanted)
  },
})

/** Two addresses, of the vendor's specification and of its prose: served alike (section 2.2). */
const selective: Route = {
  body: HotfixDeploymentRecipe,
  query: { ...terms(false), isPlan: Flag(false), skipStateCheck: Flag(false) },
  answer: DeploymentLog,
  async handle(call) {
    const place = await at(call)
    const said = readTerms(call, { refresh: false })
    const type = flag(call.query, 'isPlan', false) ? 'HOTFIX_PLAN' : 'HOTFIX'
    flag(call.query, 'skipStateCheck', false)
    const resources = resourcesIn(objectIn(call), 'resourceList')
    return requestRelease(call, place, { type, ...said, resources })
  },
}

type RequestRoutes = Pick<
  Routes<typeof deployments>,
  'create' | 'release' | 'releaseOfType' | 'selective' | 'selectiveOfProse' | 'launch' | 'destroy'
>

export const requestRoutes: RequestRoutes = {
  release: full(() => 'RELEASE'),
  releaseOfType: full(({ params }) => typeIn(params['releaseType'])),
  launch: full(() => 'LAUNCH'),
  destroy: {
    ...full(() => 'DESTROY'),
    // To end all of it is to allow it.
    async handle(call) {
      const place = await at(call)
      const said = readTerms(call, { refresh: true })
      return requestRelease(call, place, { ...said, type: 'DESTROY', allow_destroy: true })
    },
  },
  selective,
  selectiveOfProse: selective,
  create: {
    body: DeploymentRequest,
    answer: DeploymentLog,
    async handle(call) {
      const place = await at(call)
      const body = objectIn(call)
      const type = typeIn(body['releaseType'])
      refuseCommands(body)
      if (type === 'UNLOCK_STATE') return unlockState(call, place, neededTextIn(body, 'lockId'))
      const wanted = wantedIn(type, body)
      if (type === 'ROLLBACK_PLAN') return rollbackIn(call, place, wanted, body)
      return requestRelease(call, place, wanted)
    },
  },
}

function typeIn(value: unknown): ReleaseType {
  const word = typeof value === 'string' ? value.toUpperCase() : value
  const known = releaseTypes.find((type) => type === word)
  if (known) return known
  throw invalidField('releaseType', 'invalid', `must be one of ${releaseTypes.join(', ')}`)
}

/** Nothing that comes over the wire is ever run (section 5.5). Throws `invalid`. */
function refuseCommands(body: Body): void {
  if (listIn(body, 'overrideBuildSteps').length > 0)
    throw invalidField(
      'overrideBuildSteps',
      'invalid',
      'must be empty: Headgate runs no commands that come over the wire',
    )
  const { extraEnv } = body
  if (extraEnv === undefined || extraEnv === null) return
  if (!isObject(extraEnv)) throw invalidField('extraEnv', 'invalid', 'must be an object')
  if (Object.keys(extraEnv).length > 0)
    throw invalidField(
      'extraEnv',
      'invalid',
      'must be empty: what Terraform finds in its environment is configured here',
    )
}

/** One resource of one release (section 1). */
async function rollbackIn(call: Call, place: Place, wanted: Wanted, body: Body) {
  const named = neededTextIn(body, 'rollbackDeploymentId', 100)
  const [resource, ...more] = resourcesIn(body, 'hotfixResources')
  if (!resource || more.length > 0)
    throw invalidField('hotfixResources', 'too_many', 'may name one resource: each is rolled back by itself')
  const { deployment_id } = await readRelease(call, named)
  return planRollback(call, place, deployment_id, resource, wanted)
}

function wantedIn(type: ReleaseType, body: Body): Wanted {
  const field = 'hotfixResources'
  const selective = ['HOTFIX', 'HOTFIX_PLAN', 'HOTFIX_PLAN_AND_APPLY'].includes(type)
  return {
    ...{ type, field },
    refresh: flagIn(body, 'withRefresh', false),
    force: flagIn(body, 'forceRelease', false),
    allow_destroy: flagIn(body, 'allowDestroy', false),
    can_queue: flagIn(body, 'canQueue', false),
    comment: textIn(body, 'releaseComment', 10_000),
    trace_id: textIn(body, 'releaseTraceId', 200),
    plan: textIn(body, 'planCodeBuildId', 100),
    ...(selective ? { resources: resourcesIn(body, field) } : {}),
  }
}
