import { isDomainError } from '#domain/errors.ts'
import type { Shut } from '#domain/gates.ts'
import { planChanges, type Change } from '#domain/plan.ts'
import type { Db } from '#store/database.ts'
import { findDeployment } from '#store/deployment.ts'
import { lockForReport, recordReport } from '#store/deployment-report-write.ts'
import { listLiveForRevision } from '#store/live.ts'
import { listReleaseItems } from '#store/release-item.ts'
import type { HeldRelease } from '#store/release.ts'
import type { Context, Unit } from '../context.ts'
import { admitRequest, type Admission } from './admit-request.ts'
import { taskOf } from './claim-deployment.ts'
import { viewDeployment, type DeploymentView } from './deployment-view.ts'
import { endInCaller, keepPlan } from './end-in-caller.ts'
import { pinRevision } from './pin-revision.ts'
import { placeDeployments } from './place-deployments.ts'
import type { DeploymentTerms } from './request-deployments.ts'

export interface DeploymentAtOnce extends Pick<DeploymentTerms, 'forced' | 'reason' | 'annotations'> {
  environment_id: string
  /** Does to our own store what the plan says, in the transaction that records it. */
  apply(tx: Db, changes: readonly Change[]): Promise<void>
}

/** Done, or kept for later because of what is shut. */
export type DoneAtOnce =
  | { deployment: DeploymentView; blockers: [] }
  | { deployment: null; revision_id: string; blockers: Shut[] }

/**
 * The inline driver: brings a release, whose row the caller holds, to an environment inside the caller's transaction,
 * where that touches nothing but our own store. Where a gate is shut or the environment is busy its revision is pinned
 * all the same, and who asked is told why it is not live. The caller authorises.
 */
export async function deployAtOnceIn(
  ctx: Context,
  unit: Unit,
  release: HeldRelease,
  { environment_id, apply, ...terms }: DeploymentAtOnce,
): Promise<DoneAtOnce> {
  const items = await listReleaseItems(unit.tx, release.id)
  const revision = await pinRevision(ctx, unit, release, items)
  const waiting = { when_busy: 'refuse', when_shut: 'refuse' } as const
  const request = {
    ...{ project_id: release.project_id, release_id: release.id, environment_ids: [environment_id] },
    ...{ ...terms, ...waiting, at_once: true },
  }
  const admission = await admitRequest(ctx, unit, release, revision, request).catch((error: unknown) => {
    if (isDomainError(error, 'blocked')) return error.details.blockers
    throw error
  })
  if (Array.isArray(admission)) return { deployment: null, revision_id: revision.id, blockers: admission }
  const placed = { release, revision, admission: inline(admission) }
  const [made] = await placeDeployments(ctx, unit, placed, { ...terms, ...waiting, inline: true })
  return { deployment: await doAtOnce(ctx, unit, made!.id, apply), blockers: [] }
}

async function doAtOnce(
  ctx: Context,
  unit: Unit,
  id: string,
  apply: DeploymentAtOnce['apply'],
): Promise<DeploymentView> {
  const row = (await lockForReport(unit.tx, id))!
  const live = await listLiveForRevision(unit.tx, row.environment_id, row.revision_id, row.scope)
  const changes = planChanges(taskOf({ ...row, executor: 'none' }, live))
  const plan_id = await keepPlan(ctx, unit, { ...row, changes })
  await apply(unit.tx, changes)
  const requested = { id, state: 'requested', reported: null, ends: false, begun: true } as const
  await recordReport(unit.tx, { ...requested, plan_id, at: ctx.now() })
  await endInCaller(ctx, unit, plan_id, {
    ...row,
    ...{ from: 'requested', to: 'succeeded', changes, uncertain: false },
  })
  return viewDeployment(unit.tx, (await findDeployment(unit.tx, id))!, ctx.now())
}

/** Whoever calls moves it on: no engine is to find it in a queue. */
function inline({ places }: Admission): Admission {
  return { places: places.map((place) => ({ ...place, state: 'requested' })) }
}
