import { DomainError } from '#domain/errors.ts'
import { earliest, type Shut } from '#domain/gates.ts'
import { listBusyEnvironments } from '#store/deployment.ts'
import { findEnvironment } from '#store/environment.ts'
import { findUser } from '#store/user.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { placeOf, requireRelease } from '../releases/release-view.ts'
import { busyBlocker } from './admit-request.ts'
import { blockersOf } from './deployment-view.ts'

export interface GateAnswer {
  blockers: Shut[]
  /** When all of them can be open at the earliest; null where somebody's hand is needed, or nothing is shut. */
  opens_at: string | null
}

/** Why a release, deployed to an environment now, would not start at once. Throws `not_found`. */
export async function explainGates(
  ctx: Context,
  input: { project_id: string; environment_id: string; release_id: string },
): Promise<GateAnswer> {
  const { project_id, environment_id, release_id } = input
  authorize(ctx, 'deployment.read', { project_id, environment_id })
  const environment = await findEnvironment(ctx.db, environment_id)
  if (environment?.project_id !== project_id)
    throw new DomainError('not_found', { what: 'environment', id: environment_id })
  const release = await requireRelease(ctx.db, project_id, release_id)
  authorize(ctx, 'deployment.read', { ...placeOf(release), environment_id })
  const locker = release.locked_by ? await findUser(ctx.db, release.locked_by) : undefined
  const facts = {
    release_name: release.name,
    release_lock: release.lock,
    release_locked_by: locker?.name ?? null,
  }
  const blockers = blockersOf({ ...facts, due_at: null }, ctx.now())
  const [busy] = await listBusyEnvironments(ctx.db, [environment_id], ctx.now())
  if (busy) blockers.push(busyBlocker(environment.name))
  return { blockers, opens_at: blockers.length > 0 ? earliest(blockers) : null }
}
