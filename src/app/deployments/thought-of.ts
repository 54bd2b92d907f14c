import type { Db } from '#store/database.ts'
import type { EnvironmentRow } from '#store/environment.ts'
import type { ReleaseRow } from '#store/release.ts'
import { findUser } from '#store/user.ts'
import type { Context } from '../context.ts'
import type { GateSubject } from './gate-facts.ts'

/** What is asked of a deployment beside where it goes and what release it is of. */
type Asked = Pick<
  GateSubject,
  'revision_digest' | 'selected_keys' | 'cause' | 'due_at' | 'rolls_back' | 'dry_run'
> &
  Pick<Partial<GateSubject>, 'revision_id' | 'items'>

/** Deployments of a release that are not there yet, one for each environment: what their gates would be asked about. */
export async function thoughtOf(
  ctx: Context,
  db: Db,
  { release, environments }: { release: ReleaseRow; environments: readonly EnvironmentRow[] },
  asked: Asked,
): Promise<GateSubject[]> {
  // Asked for only where somebody is to be told.
  const { lock, locked_by } = release
  const locker = lock === 'user' && locked_by ? await findUser(db, locked_by) : undefined
  return environments.map((environment) => ({
    ...asked,
    project_id: release.project_id,
    environment_id: environment.id,
    environment_name: environment.name,
    requires_parent: environment.requires_parent,
    environment_parent_id: environment.parent_id,
    approvals_needed: environment.approvals_needed,
    release_name: release.name,
    release_lock: lock,
    release_locked_by: locker?.name ?? null,
    release_lock_reason: release.lock_reason,
    plan_digest: null,
    requested_by: ctx.principal?.user_id ?? null,
    approval_expires_at: null,
  }))
}
