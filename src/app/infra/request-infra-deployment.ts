import type { Finding } from '#domain/blueprint.ts'
import { DomainError, invalidField, type FieldFault } from '#domain/errors.ts'
import { resourceKey } from '#domain/blueprint.ts'
import { findEnvironment, type EnvironmentRow } from '#store/environment.ts'
import { findInfraSnapshot, isRevisionOf } from '#store/infra-snapshot.ts'
import { ensureInfraEnvironment } from '#store/infra-environment.ts'
import { findProject } from '#store/project.ts'
import type { HeldRelease } from '#store/release.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { admitRequest } from '../deployments/admit-request.ts'
import type { DeploymentView } from '../deployments/deployment-view.ts'
import { selectOfRevision } from '../deployments/pin-revision.ts'
import { placeDeployments, type PlacedRevision } from '../deployments/place-deployments.ts'
import { authorizeRequest, type DeploymentTerms } from '../deployments/request-deployments.ts'
import { refuseInvalid } from './refuse-invalid.ts'
import { holdLine } from './line-of-releases.ts'
import { pinNothing } from './pin-as-it-was.ts'
import { readForSnapshot, takeSnapshotIn, type Reading } from './take-snapshot.ts'

/** A resource of a blueprint. */
export interface ResourceName {
  type: string
  name: string
}

export interface InfraRequest extends Omit<
  DeploymentTerms,
  'deletes' | 'rolls_back' | 'deploys_plan' | 'retries' | 'source_commit' | 'on_item_failure'
> {
  project_id: string
  environment_id: string
  /** These resources only, with what they stand on; left out, all of the environment. */
  select?: readonly ResourceName[]
  /** The number of a revision that was pinned before, instead of the blueprint as it is now. */
  revision?: number
  /** Everything goes. */
  destroy_all?: boolean
}

/** What is deployed, and what is wrong with it. */
interface Pinned {
  revision: PlacedRevision
  findings: readonly Finding[]
}

/**
 * Asks for an environment of infrastructure to be brought to its blueprint as it is now, or to a revision of before. A
 * blueprint with errors makes a deployment that is invalid and stays so, for the history. Throws `not_found`, `invalid`
 * (also for a selection that is empty or names what is unknown or disabled: nothing is made then),
 * `repository_unreachable`, `blocked`, `forbidden`. `beside` is done in the same transaction, or nothing is.
 */
export async function requestInfraDeployment(
  ctx: Context,
  request: InfraRequest,
  beside?: (unit: Unit, deployment: DeploymentView) => Promise<void>,
): Promise<DeploymentView> {
  const { project_id, environment_id, select, destroy_all = false, revision, ...said } = request
  const here = { project_id, environment_id }
  authorizeRequest(ctx, { project_id }, [environment_id])
  const allow_destroy = said.allow_destroy === true || destroy_all
  if (allow_destroy) authorize(ctx, 'deployment.allow_destroy', here)
  if (select?.length === 0) throw invalidField('items', 'required', 'Name at least one resource.')
  if (destroy_all && select) throw invalidField('items', 'invalid', 'does not go with the end of everything')
  const environment = await requireInfra(ctx, here)
  const reading = destroy_all || revision !== undefined ? undefined : await readForSnapshot(ctx, here)
  const commit = reading?.sources.commit
  const terms = { ...said, allow_destroy, ...(commit ? { source_commit: commit } : {}) }
  return transact(ctx, async (unit) => {
    await ensureInfraEnvironment(unit.tx, { environment_id, updated_at: ctx.now() })
    const line = await holdLine(ctx, unit, environment)
    const pinned = await pin(ctx, unit, line, request, reading)
    const deployment = await placeInfra(ctx, unit, { ...here, line, ...pinned }, terms)
    await beside?.(unit, deployment)
    return deployment
  })
}

interface Placing extends Pinned {
  project_id: string
  environment_id: string
  line: HeldRelease
}

/** Writes the deployment of a revision of infrastructure, of a line that the caller holds. The caller authorises. */
export async function placeInfra(
  ctx: Context,
  unit: Unit,
  { project_id, environment_id, line, revision, findings }: Placing,
  terms: DeploymentTerms,
): Promise<DeploymentView> {
  const asked = { ...terms, project_id, release_id: line.id, environment_ids: [environment_id] }
  const admission = await admitRequest(ctx, unit, line, revision, asked)
  const errors = findings.filter(({ severity }) => severity === 'error')
  const [error] = errors
  const place = { release: line, revision, admission: error ? waiting(admission) : admission }
  const [deployment] = await placeDeployments(ctx, unit, place, terms)
  return error ? refuseInvalid(ctx, unit, deployment!, error, errors.length) : deployment!
}

type Admission = Awaited<ReturnType<typeof admitRequest>>

/** What is not going to be run is queued nowhere. */
function waiting({ places }: Admission): Admission {
  return { places: places.map((place) => ({ ...place, state: 'requested' as const })) }
}

async function requireInfra(
  { db }: Context,
  { project_id, environment_id }: { project_id: string; environment_id: string },
): Promise<EnvironmentRow> {
  const environment = await findEnvironment(db, environment_id)
  if (environment?.project_id !== project_id)
    throw new DomainError('not_found', { what: 'environment', id: environment_id })
  const project = await findProject(db, project_id)
  if (project?.kind !== 'infra') throw invalidField('release', 'required', 'or a plan is to be named')
  return environment
}

async function pin(
  ctx: Context,
  unit: Unit,
  line: HeldRelease,
  { environment_id, select, revision }: InfraRequest,
  reading: Reading | undefined,
): Promise<Pinned> {
  if (revision !== undefined) {
    const select_keys = select?.map(({ type, name }) => resourceKey(type, name))
    const placed = await selectOfRevision(unit.tx, line, revision, { select_keys })
    if (!(await isRevisionOf(unit.tx, placed.id, environment_id)))
      throw new DomainError('not_found', { what: 'revision', id: String(revision) })
    const known = await findInfraSnapshot(unit.tx, placed.id)
    const selected_keys = select_keys ?? null
    return { revision: { ...placed, selected_keys }, findings: known?.findings ?? [] }
  }
  if (!reading) return { revision: await pinNothing(ctx, unit, line), findings: [] }
  const snapshot = await takeSnapshotIn(ctx, unit, line, reading)
  const { id, digest, items, findings } = snapshot
  // Also where all are selected: what is live besides was not named, and stays.
  const known = new Set(items.map(({ key }) => key))
  const selected_keys = select ? requireResources(reading, known, select) : null
  return { revision: { id, digest, selected_keys }, findings }
}

/** Every one that cannot be selected is named, with why. What has errors only is left to the blueprint's findings. */
function requireResources(
  { sources: { blueprint }, effective, environment }: Reading,
  known: ReadonlySet<string>,
  select: readonly ResourceName[],
): string[] {
  const disabled = new Map(effective.found.disabled.map(({ key, by }) => [key, by]))
  const provided = new Set(effective.found.provided)
  const why = (key: string): string | undefined => {
    if (known.has(key)) return undefined
    const by = disabled.get(key)
    if (by)
      return `${key} is disabled in ${environment.name}${by === 'override' ? ' by its override' : ' by the blueprint'}`
    if (provided.has(key)) return `${key} is provided from elsewhere: there is nothing to deploy`
    return blueprint.resources.has(key) ? undefined : `${key} is no resource of the blueprint`
  }
  const faults = select.flatMap(({ type, name }, index): FieldFault[] => {
    const detail = why(resourceKey(type, name))
    return detail === undefined ? [] : [{ field: `items.${index}`, fault: 'unknown', detail }]
  })
  if (faults.length > 0) throw new DomainError('invalid', { faults: faults.slice(0, 100) })
  return [...new Set(select.map(({ type, name }) => resourceKey(type, name)))]
}
