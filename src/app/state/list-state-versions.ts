import {
  findStateVersion,
  listStateVersions as rows,
  type NamedStateVersion,
} from '#store/infra-state-version.ts'
import { findInfraState } from '#store/infra-state.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { getEnvironment } from '../environments/get-environment.ts'
import { describeLock, type LockDescription } from './lock-info.ts'

export interface StateView {
  /** Counts what was written and removed; 0: nothing ever. */
  version: number
  /** Null: there is none. */
  serial: number | null
  lineage: string | null
  bytes: number
  updated_at: Date | null
  /** The digest of a state that a release could not post, while it is missing. */
  unposted: string | null
  lock: (LockDescription & LockHolder) | null
}

const none = {
  ...{ version: 0, serial: null, lineage: null, bytes: 0, updated_at: null },
  ...{ unposted: null, lock: null },
}

export interface LockHolder {
  lock_id: string
  deployment_id: string | null
  run_id: string | null
  user_id: string | null
  locked_at: Date | null
}

/** What there is to know of a state but what is in it, which may hold secrets. Throws `not_found`, `forbidden`. */
export async function getState(
  ctx: Context,
  { project_id, environment_id }: { project_id: string; environment_id: string },
): Promise<StateView> {
  authorize(ctx, 'live.read', { project_id, environment_id })
  await getEnvironment(ctx, { project_id, environment_id })
  const row = await findInfraState(ctx.db, environment_id)
  if (!row) return none
  const { version, serial, lineage, unposted_blob: unposted, lock_id, lock_info, locked_at } = row
  const { lock_deployment_id: deployment_id, lock_run_id: run_id, lock_user_id: user_id } = row
  const newest = await findStateVersion(ctx.db, environment_id, version)
  return {
    ...{ version, serial, lineage, bytes: newest?.bytes ?? 0, updated_at: newest?.created_at ?? null },
    unposted,
    lock:
      lock_id === null
        ? null
        : { ...describeLock(lock_info), lock_id, deployment_id, run_id, user_id, locked_at },
  }
}

/** Newest first, those before a version. Throws `not_found`, `forbidden`. */
export async function listStateVersions(
  ctx: Context,
  {
    project_id,
    environment_id,
    ...page
  }: { project_id: string; environment_id: string; limit: number; before?: number },
): Promise<NamedStateVersion[]> {
  authorize(ctx, 'live.read', { project_id, environment_id })
  await getEnvironment(ctx, { project_id, environment_id })
  return rows(ctx.db, environment_id, page)
}
