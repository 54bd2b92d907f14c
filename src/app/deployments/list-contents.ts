import { listReaderChanges, type ReaderChange } from '#catalogue/content/reader-changes.ts'
import { readContentKey } from '#domain/content-key.ts'
import { DomainError } from '#domain/errors.ts'
import type { Change } from '#domain/plan.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import type { ReleaseNamed } from '../releases/read-place.ts'
import { forecastRelease } from './forecast-release.ts'
import { getDeployment } from './get-deployment.ts'
import { getPlan, getPlanById } from './get-plan.ts'

interface ContentsPage {
  limit: number
  /** The item after which the page begins. */
  after?: string | undefined
}

/** What readers would see of a stored plan, item by item. Throws `not_found`, `forbidden`. */
export async function listPlanContents(
  ctx: Context,
  { plan_id, ...page }: ContentsPage & { plan_id: string },
): Promise<ReaderChange[]> {
  const { deployment_id, environment_id, changes } = await getPlanById(ctx, { plan_id })
  if (deployment_id === null) return []
  const { project_id } = await getDeployment(ctx, { deployment_id })
  return listContents(ctx, { project_id, environment_id, changes, ...page })
}

/** What readers see of the plan of a deployment, also after it was made. Throws `not_found`, also while it has none. */
export async function listDeploymentContents(
  ctx: Context,
  { deployment_id, ...page }: ContentsPage & { deployment_id: string },
): Promise<ReaderChange[]> {
  const { project_id } = await getDeployment(ctx, { deployment_id })
  const plan = await getPlan(ctx, { deployment_id })
  if (!plan) throw new DomainError('not_found', { what: 'plan', id: 'of this deployment yet' })
  const { environment_id, changes } = plan
  return listContents(ctx, { project_id, environment_id, changes, ...page })
}

/** What readers of an environment would see of a release as it is now. Throws `not_found`, `forbidden`, `invalid`. */
export async function listReleaseContents(
  ctx: Context,
  { limit, after, ...release }: ContentsPage & ReleaseNamed & { environment_id: string },
): Promise<ReaderChange[]> {
  const { project_id, environment_id } = release
  const [forecast] = await forecastRelease(ctx, { ...release, environment_ids: [environment_id] })
  const changes = forecast?.changes ?? []
  return listContents(ctx, { project_id, environment_id, changes, limit, after })
}

/** What entries say is read by whoever may read the catalogue there. */
function listContents(
  ctx: Context,
  question: ContentsPage & { project_id: string; environment_id: string; changes: readonly Change[] },
): Promise<ReaderChange[]> {
  const { project_id, changes } = question
  const branches = new Set(changes.flatMap(({ key }) => readContentKey(key)?.branch ?? []))
  for (const branch of branches) authorize(ctx, 'catalogue.read', { project_id, branch })
  return listReaderChanges(ctx.db, question)
}
