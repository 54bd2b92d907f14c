import { DomainError, isDomainError } from '#domain/errors.ts'
import { findCandidateByVersion } from '#store/candidate.ts'
import { findActiveOfRevision } from '#store/environment-history.ts'
import { transact, type Context } from '../context.ts'
import { holdEnvironment } from '../environments/hold-environment.ts'
import { holdRelease } from '../releases/release-view.ts'
import type { Override } from '../overrides/override-gates.ts'
import { authorizeRequest, requestDeploymentsIn } from './request-deployments.ts'

export interface CandidateRequest {
  project_id: string
  environment_id: string
  /** The candidate's: `1.2.0-rc3`. */
  version: string
  reason?: string
  /** Sets a freeze aside, by somebody who may. */
  force?: boolean
}

/**
 * Brings a candidate to an environment, behind what is under way there; one that is under way already is not asked for
 * twice. A shut gate refuses it. Answers the deployment's id. Throws `not_found`, `blocked`, `not_possible_now`
 * (a candidate that is not ready), `forbidden` (also where it sets a freeze aside and may not).
 */
export async function deployCandidate(
  ctx: Context,
  { project_id, environment_id, version, reason, force = false }: CandidateRequest,
): Promise<string> {
  authorizeRequest(ctx, { project_id }, [environment_id])
  const candidate = await findCandidateByVersion(ctx.db, project_id, version)
  if (!candidate) throw new DomainError('not_found', { what: 'candidate', id: version })
  const { release_id, number, revision_id } = candidate
  const deploy = (override?: Override) =>
    transact(ctx, async (unit) => {
      await holdEnvironment(unit.tx, { project_id, environment_id })
      const active = revision_id && (await findActiveOfRevision(unit.tx, environment_id, revision_id))
      if (active) return active.id
      const release = await holdRelease(unit.tx, project_id, release_id)
      const [made] = await requestDeploymentsIn(ctx, unit, release, {
        ...{ project_id, release_id, environment_ids: [environment_id], revision: number },
        ...{ when_busy: 'wait', when_shut: 'refuse' },
        ...(reason === undefined ? {} : { reason }),
        ...(override ? { override } : {}),
      })
      return made!.id
    })
  return despiteFreeze(deploy, force ? (reason ?? 'It was asked for with force.') : undefined)
}

/** Does it, and where only a freeze is in the way and `reason` says why, once more with the freeze set aside. */
export async function despiteFreeze<T>(
  ask: (override?: Override) => Promise<T>,
  reason: string | undefined,
): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (reason === undefined || !isDomainError(error, 'blocked')) throw error
    if (!error.details.blockers.some(({ code }) => code === 'freeze')) throw error
    return ask({ gates: ['freeze'], reason })
  }
}
