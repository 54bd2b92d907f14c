import { Type } from 'typebox'
import { listEnvironments } from '#app/environments/get-environment.ts'
import { countReleases, tellEffects, tellReleases, type ToldRelease } from '#app/infra/tell-releases.ts'
import { tellStandings } from '#app/infra/tell-standings.ts'
import { getProject } from '#app/projects/get-project.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import { countStats } from '../count-stats.ts'
import type { deployments } from '../endpoints/deployments.ts'
import { findCluster, stackNames, type Place } from '../find-place.ts'
import { findRelease, readRelease } from '../find-release.ts'
import { botIdOf, idOf } from '../ids.ts'
import { PageOf, readPage, writePage } from '../page.ts'
import { listIn, objectIn } from '../read-body.ts'
import { count } from '../read-query.ts'
import { readSearch, searchQuery } from '../read-search.ts'
import type { Call, Routes } from '../route.ts'
import { standingsOf } from '../status.ts'
import { isShown, writeReleaseChanges } from '../translate/changes.ts'
import { clusterStateOf } from '../translate/cluster-state.ts'
import { writeLog, writeQueued } from '../translate/deployment-log.ts'
import {
  DeploymentLog,
  DeploymentOverview,
  DeploymentStats,
  ListDeploymentsWrapper,
  ReleaseChanges,
} from '../wire/deployment.ts'
import { clusterStates } from '../words.ts'
import { OneOf } from '../wire/fields.ts'
import { isPaused } from '../pause.ts'
import { executionTimes } from './schedules.ts'

/** How many a list without pages shows, and how many logs can be asked for at once. */
const limits = { list: 100, waiting: 500, bulk: 500, days: 366 }

type ReadRoutes = Pick<
  Routes<typeof deployments>,
  | 'list'
  | 'get'
  | 'search'
  | 'overview'
  | 'stats'
  | 'state'
  | 'latest'
  | 'latestOf'
  | 'byTrace'
  | 'changes'
  | 'changesOfMany'
>

const at = (call: Call): Promise<Place> => findCluster(call, call.params['clusterId'] ?? '')
const here = ({ project_id, environment_id }: Place) => ({ project_id, environment_id })
const newest = (most: number) => ({ limit: most, offset: 0 })

export const readRoutes: ReadRoutes = {
  list: {
    answer: ListDeploymentsWrapper,
    async handle(call) {
      const place = await at(call)
      const told = await tellReleases(call.ctx, { ...here(place), ...newest(limits.list) })
      // The order is not documented: one client takes the last one for the newest.
      const logs = told.map(writeLog).toReversed()
      return { ...(await head(call, place)), deployments: logs, deploymentsFull: logs }
    },
  },
  get: {
    answer: DeploymentLog,
    async handle(call) {
      return writeLog((await findRelease(call)).told)
    },
  },
  search: {
    query: searchQuery,
    answer: PageOf(DeploymentLog),
    async handle(call) {
      const asked = readPage(call.query)
      const wanted = readSearch(call.query)
      const place = here(await at(call))
      const page = { limit: asked.size, offset: asked.page * asked.size }
      const told = await tellReleases(call.ctx, { ...place, ...wanted, ...page })
      const total = await countReleases(call.ctx, { ...place, ...wanted })
      return writePage(told.map(writeLog), total, asked)
    },
  },
  overview: {
    answer: DeploymentOverview,
    async handle(call) {
      const place = await at(call)
      const waiting = standingsOf(['QUEUED', 'IN_PROGRESS', 'STARTED', 'PENDING_APPROVAL'])
      const [last] = await tellReleases(call.ctx, { ...here(place), ...newest(1) })
      const open = await tellReleases(call.ctx, {
        ...{ ...here(place), standings: waiting },
        ...newest(limits.waiting),
      })
      const { clusterId, ...more } = await head(call, place)
      return {
        ...{ clusterId, ...more },
        ...(last ? { latestDeployment: writeLog(last) } : {}),
        inProgressDeployments: open.filter((told) => !queued(told)).map(writeLog),
        isScheduledReleasesPaused: await isPaused(call, here(place)),
        executionTime: await executionTimes(call, place),
        queuedReleases: open.filter(queued).map((told) => writeQueued(told, clusterId)),
      }
    },
  },
  stats: {
    query: { days: Type.Integer({ minimum: 1, default: 30 }) },
    answer: DeploymentStats,
    async handle(call) {
      const days = count(call.query, 'days', { usual: 30, least: 1, most: limits.days })
      const from = new Date(call.ctx.now().getTime() - days * 86_400_000)
      return countStats(call, await at(call), from)
    },
  },
  state: {
    answer: OneOf(clusterStates),
    async handle(call) {
      const { project_id, environment_id } = await at(call)
      const standings = await tellStandings(call.ctx, { project_id, environment_ids: [environment_id] })
      return clusterStateOf(standings.get(environment_id))
    },
  },
  latest: {
    answer: DeploymentLog,
    handle: async (call) => latestSuccessful(call, await at(call)),
  },
  latestOf: {
    answer: DeploymentLog,
    handle: async (call) => latestSuccessful(call, await at(call), call.params['application'] ?? ''),
  },
  byTrace: {
    answer: DeploymentLog,
    async handle(call) {
      const place = await at(call)
      const trace_id = call.params['releaseTraceId'] ?? ''
      const [told] = await tellReleases(call.ctx, { ...here(place), trace_id, ...newest(1) })
      if (!told) throw new DomainError('not_found', { what: 'deployment', id: trace_id })
      return writeLog(told)
    },
  },
  changes: {
    answer: ReleaseChanges,
    async handle(call) {
      const { place, told } = await findRelease(call)
      return (await changesOf(call, place, [told]))[0]
    },
  },
  changesOfMany: {
    body: Type.Object({ deploymentIds: Type.Array(Type.String(), { maxItems: limits.bulk }) }),
    answer: Type.Array(ReleaseChanges),
    async handle(call) {
      const place = await at(call)
      const ids = listIn(objectIn(call), 'deploymentIds', limits.bulk)
      return changesOf(call, place, await findMany(call, place, ids))
    },
  },
}

function queued(told: ToldRelease): boolean {
  return told.state === 'requested' || (told.state === 'queued' && !told.next)
}

/** What lists and overviews begin with, in a constant number of statements. */
async function head(call: Call, place: Place) {
  const { ctx, params } = call
  const { project_id, environment_id } = place
  const project = await getProject(ctx, { project_id })
  const stacks = await stackNames(call, [project])
  const downstream = (await listEnvironments(ctx, { project_id })).filter(
    ({ parent_id }) => parent_id === environment_id,
  )
  const [signed] = await tellReleases(ctx, { ...here(place), signed_off: true, ...newest(1) })
  const { stats } = await countStats(call, place, new Date(0))
  return {
    clusterId: params['clusterId'] ?? '',
    stack: stacks.get(project_id) ?? project.key,
    downStreamClusterNames: downstream.map(({ name }) => name),
    ...(signed ? { currentSignedOffDeployment: writeLog(signed) } : {}),
    deploymentsStats: stats,
  }
}

/** Throws `not_found` where there is none yet. */
async function latestSuccessful({ ctx }: Call, place: Place, application?: string) {
  const standings = standingsOf(['SUCCEEDED']).filter(({ state }) => state === 'succeeded')
  const did = application === undefined ? {} : { did: application }
  const [told] = await tellReleases(ctx, { ...here(place), standings, ...did, ...newest(1) })
  if (!told) throw new DomainError('not_found', { what: 'deployment', id: application ?? 'that succeeded' })
  return writeLog(told)
}

/** In the order in which they are asked for. Throws `invalid`, `not_found`. */
async function findMany(call: Call, place: Place, ids: readonly unknown[]): Promise<ToldRelease[]> {
  const named = await Promise.all(
    ids.map(async (id, index) => {
      if (typeof id !== 'string') throw invalidField(`deploymentIds[${index}]`, 'invalid', 'must be a text')
      return { id, ...(await readRelease(call, id)) }
    }),
  )
  const wanted = { ids: named.map(({ deployment_id }) => deployment_id) }
  const told = await tellReleases(call.ctx, { ...here(place), ...wanted, ...newest(2 * limits.bulk) })
  return named.map(({ id, deployment_id, done }) => {
    const found = told.find((one) => one.id === deployment_id && (one.part === 'done') === done)
    if (!found) throw new DomainError('not_found', { what: 'deployment', id })
    return found
  })
}

async function changesOf(
  { ctx }: Call,
  place: Place,
  told: readonly ToldRelease[],
): Promise<ReleaseChanges[]> {
  const plan_ids = told.flatMap(({ plan_id }) => plan_id ?? [])
  const effects = await tellEffects(ctx, { ...here(place), plan_ids })
  const byPlan = Map.groupBy(effects, ({ plan_id }) => plan_id)
  return told.map((release) => {
    const shown = isShown(release)
    const own = (release.plan_id && byPlan.get(release.plan_id)) || []
    const id = release.part === 'done' ? botIdOf(release.id) : idOf(release.id)
    return writeReleaseChanges(
      id,
      own.filter(({ item_key }) => shown(item_key)),
    )
  })
}
