import { DomainError } from '#domain/errors.ts'
import { isAhead } from '#domain/hold.ts'
import { findCandidateByVersion } from '#store/candidate.ts'
import type { Db } from '#store/database.ts'
import type { NamedDeployment } from '#store/deployment.ts'
import { findNewestBegun, findSuccessBefore, hasSucceeded } from '#store/environment-history.ts'
import { findRevisionPlace } from '#store/revision.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { holdEnvironment } from '../environments/hold-environment.ts'
import { holdRelease } from '../releases/release-view.ts'
import { callOffPromotions } from './call-off-promotions.ts'
import { cancelActiveIn } from './cancel-active.ts'
import { despiteFreeze } from './deploy-candidate.ts'
import type { DeploymentView } from './deployment-view.ts'
import { requestDeploymentsIn, type DeploymentTerms } from './request-deployments.ts'

export interface CodeRollback {
  project_id: string
  environment_id: string
  /** A candidate to go back to; left out, what ran before the newest, or before it failed. */
  version?: string
  reason?: string
  /** Sets a freeze aside, by somebody who may. */
  force?: boolean
}

/**
 * Takes an environment of code back: cancels all that is under way there, and deploys anew what ran before the newest
 * deployment, or, where that one failed, what succeeded last. So a rollback of a rollback goes forward again. The
 * environment is held afterwards, so that nothing brings back by itself what was rolled back from. Throws `not_found`
 * (of what `deployment`: nothing to go back to), `blocked`, `not_possible_now`, `forbidden`.
 */
export async function rollBackCode(
  ctx: Context,
  { project_id, environment_id, version, reason, force = false }: CodeRollback,
): Promise<DeploymentView> {
  const here = { project_id, environment_id }
  authorize(ctx, 'deployment.roll_back', here)
  const named = await findCandidateToRestore(ctx, here, version)
  const said = force ? (reason ?? 'It was asked for with force.') : undefined
  return despiteFreeze(
    (override) =>
      transact(ctx, async (unit) => {
        await cancelForRollback(ctx, unit, here)
        const left = await findNewestBegun(unit.tx, environment_id)
        const to = left && (named ?? (await ranBefore(unit.tx, left)))
        if (!left || !to) throw nothingBefore()
        return putBackCodeIn(ctx, unit, left, to, {
          ...{ when_busy: 'wait', when_shut: 'refuse' },
          ...(reason === undefined ? {} : { reason }),
          ...(override ? { override } : {}),
        })
      }),
    said,
  )
}

/**
 * The revision of a candidate that is named, by its version: one that ran there, or a rollback would bring something new
 * past the hold. Throws `not_found`, also where it never did.
 */
export async function findCandidateToRestore(
  { db }: Context,
  { project_id, environment_id }: Pick<CodeRollback, 'project_id' | 'environment_id'>,
  version: string | undefined,
): Promise<string | undefined> {
  if (version === undefined) return undefined
  const candidate = await findCandidateByVersion(db, project_id, version)
  if (!candidate) throw new DomainError('not_found', { what: 'candidate', id: version })
  const { revision_id } = candidate
  const ran = revision_id !== null && (await hasSucceeded(db, environment_id, revision_id))
  if (!ran)
    throw new DomainError('not_found', { what: 'deployment', id: `of ${version} that succeeded there` })
  return revision_id
}

/** Holds the environment, and cancels what is not over in it. */
export async function cancelForRollback(
  ctx: Context,
  unit: Unit,
  here: { project_id: string; environment_id: string },
): Promise<void> {
  await holdEnvironment(unit.tx, here)
  await cancelActiveIn(ctx, unit, here.environment_id, 'The environment is rolled back.')
}

/**
 * The revision that a deployment took the place of: what succeeded last before it, and is another one than that which
 * it brought, unless it failed to. Undefined where there was none.
 */
export async function ranBefore(db: Db, left: NamedDeployment): Promise<string | undefined> {
  const { environment_id, number, revision_id, state } = left
  const others = state === 'succeeded' ? { number, revision_id } : { number }
  return (await findSuccessBefore(db, environment_id, others))?.revision_id
}

/** Deploys a candidate's own revision again, in place of what `left` brought. The caller authorises. */
export async function putBackCodeIn(
  ctx: Context,
  unit: Unit,
  left: NamedDeployment,
  revision_id: string,
  terms: DeploymentTerms,
): Promise<DeploymentView> {
  const { project_id, environment_id } = left
  const place = await findRevisionPlace(unit.tx, revision_id)
  if (!place) throw nothingBefore()
  const release = await holdRelease(unit.tx, project_id, place.release_id)
  const [deployment] = await requestDeploymentsIn(ctx, unit, release, {
    ...{ project_id, release_id: release.id, environment_ids: [environment_id] },
    ...{ revision: place.number, rolls_back: left.id },
    ...terms,
  })
  if (!terms.dry_run && !isAhead(terms.due_at, ctx.now())) await callOffPromotions(ctx, unit, left)
  return deployment!
}

export function nothingBefore(): DomainError<'not_found'> {
  return new DomainError('not_found', { what: 'deployment', id: 'to go back to' })
}
