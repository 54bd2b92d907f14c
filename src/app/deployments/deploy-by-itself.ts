import { DomainError, isDomainError } from '#domain/errors.ts'
import { findNewerThere, listOutrun } from '#store/deployment-automatic.ts'
import { lockRelease } from '#store/release.ts'
import { asPrincipal, type Context, type Unit } from '../context.ts'
import { cancelDeploymentIn } from './cancel-deployment.ts'
import type { DeploymentView } from './deployment-view.ts'
import { requestDeploymentsIn } from './request-deployments.ts'

export interface AutomaticDeployment {
  project_id: string
  environment_id: string
  release_id: string
  /** Of the revision. */
  number: number
  /** Null: all of its items. */
  selected_keys?: readonly string[] | null
  /** What goes there, as people call it. */
  what: string
  /** Why, in a sentence. */
  why: string
}

/**
 * What nobody asked for by hand: a candidate that is ready, or what succeeded in the parent environment. It waits for
 * freezes and for its turn, takes the place of older automatic ones that still wait, and is left undone, which is an
 * event, where the environment is held or has a newer candidate. Inside a caller's transaction. Undefined: it was left undone.
 */
export async function deployByItselfIn(
  ctx: Context,
  unit: Unit,
  { project_id, environment_id, release_id, number, selected_keys, what, why }: AutomaticDeployment,
): Promise<DeploymentView | undefined> {
  const house = asPrincipal(ctx, null)
  const release = await lockRelease(unit.tx, project_id, release_id)
  if (!release) return undefined
  const skip = (reason: string): undefined => {
    const data = { what, release_id, revision: number }
    unit.record({
      kind: 'promotion.skipped',
      ...{ project_id, environment_id, subject_id: release_id, reason, data },
    })
  }
  // Nothing takes an environment back by itself.
  const newer = await findNewerThere(unit.tx, environment_id, { release_id, number })
  if (newer !== undefined) return skip(`${newer} is newer, and is there or on its way there.`)
  let deployment: DeploymentView | undefined
  try {
    const asked = { project_id, release_id, revision: number, environment_ids: [environment_id], reason: why }
    const terms = { ...asked, ...(selected_keys ? { select_keys: selected_keys } : {}) }
    ;[deployment] = await requestDeploymentsIn(house, unit, release, { ...terms, refuse_if: ['hold'] })
  } catch (error) {
    const reason = whyNot(error)
    if (reason === undefined) throw error
    return skip(reason)
  }
  for (const outrun of await listOutrun(unit.tx, environment_id, deployment!.id))
    await cancelDeploymentIn(house, unit, outrun, `${what} took its place.`)
  return deployment
}

/** Why it is left undone; undefined: for no reason that is foreseen. */
function whyNot(error: unknown): string | undefined {
  if (isDomainError(error, 'blocked')) return error.details.blockers.map(({ detail }) => detail).join(' ')
  if (isDomainError(error, 'not_found')) return `There is no such ${error.details.what} any more.`
  if (isDomainError(error, 'not_possible_now'))
    return `${error.details.what} ${error.details.id} is ${error.details.state}.`
  return error instanceof DomainError ? error.message : undefined
}
