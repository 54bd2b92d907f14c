import { DomainError, invalidField } from '#domain/errors.ts'
import type { Shut } from '#domain/gates.ts'
import { listBusyEnvironments } from '#store/deployment.ts'
import { listEnvironmentsById, type EnvironmentRow } from '#store/environment.ts'
import type { ReleaseRow } from '#store/release.ts'
import { findUser } from '#store/user.ts'
import type { Context, Unit } from '../context.ts'
import { blockersOf } from './deployment-view.ts'
import type { DeploymentRequest } from './request-deployments.ts'

export interface Admission {
  environments: EnvironmentRow[]
  state: 'requested' | 'queued'
}

/**
 * Whether a request may stand, and whether it can be queued at once. Its environments stay until the transaction
 * ends; where it does not want to wait, nobody else asks for them while it looks. Throws `not_found`, `invalid`, `blocked`.
 */
export async function admitRequest(
  ctx: Context,
  { tx }: Unit,
  release: ReleaseRow,
  request: DeploymentRequest,
): Promise<Admission> {
  const ids = [...new Set(request.environment_ids)]
  if (ids.length === 0) throw invalidField('environments', 'required', 'Name at least one environment.')
  const refusesBusy = request.when_busy === 'refuse'
  const hold = refusesBusy ? 'update' : 'share'
  const environments = await listEnvironmentsById(tx, release.project_id, ids, hold)
  const missing = ids.find((id) => !environments.some((environment) => environment.id === id))
  if (missing) throw new DomainError('not_found', { what: 'environment', id: missing })

  const now = ctx.now()
  const facts = {
    release_name: release.name,
    release_lock: release.lock,
    release_locked_by: await lockerOf(tx, release),
  }
  const shut = blockersOf({ ...facts, due_at: request.due_at ?? null }, now)
  const refused = shut.filter(
    ({ code }) =>
      request.refuse_if?.includes(code) || (request.when_shut === 'refuse' && code !== 'schedule'),
  )
  if (refusesBusy) refused.push(...(await busyOnes(ctx, tx, environments)))
  if (refused.length > 0) throw new DomainError('blocked', { blockers: refused })
  return { environments, state: shut.length > 0 ? 'requested' : 'queued' }
}

/** Asked for only where somebody is to be told. */
async function lockerOf(tx: Unit['tx'], { lock, locked_by }: ReleaseRow): Promise<string | null> {
  const locker = lock === 'user' && locked_by ? await findUser(tx, locked_by) : undefined
  return locker?.name ?? null
}

async function busyOnes(
  ctx: Context,
  tx: Unit['tx'],
  environments: readonly EnvironmentRow[],
): Promise<Shut[]> {
  const ids = environments.map(({ id }) => id)
  const busy = await listBusyEnvironments(tx, ids, ctx.now())
  return environments.filter(({ id }) => busy.includes(id)).map(({ name }) => busyBlocker(name))
}

/** What a busy environment says to who does not want to wait for it. */
export function busyBlocker(environment: string): Shut {
  return {
    code: 'busy',
    detail: `A deployment to ${environment} is not over yet.`,
    who: 'it opens when that deployment ends or is canceled',
    opens_at: null,
  }
}
