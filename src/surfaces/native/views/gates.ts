import type { Approval, Freeze, Hold } from '#api/gates.ts'
import type { listApprovals } from '#app/approvals/list-approvals.ts'
import type { FreezeView } from '#app/freezes/freeze-view.ts'
import type { getHold } from '#app/holds/get-hold.ts'
import { showId } from '#domain/ids.ts'
import { shown, time } from './shown.ts'

type ApprovalView = Awaited<ReturnType<typeof listApprovals>>[number]
type HoldRow = NonNullable<Awaited<ReturnType<typeof getHold>>>

export function viewFreeze(row: FreezeView): Freeze {
  const { kind, name, rrule, start, duration_minutes, time_zone, starts_on, reason, origin } = row
  const { environment_name, in_force, lift_reason } = row
  return {
    ...{ id: showId('freeze', row.id), project_id: showId('project', row.project_id) },
    ...{ environment_id: shown('environment', row.environment_id), environment_name, kind, name },
    ...{ rrule, start, duration_minutes, time_zone, starts_on, reason, origin, in_force },
    ...{ expires_at: time(row.expires_at), until: time(row.until) },
    ...{ created_by: shown('user', row.created_by), created_at: row.created_at.toISOString() },
    ...{ lifted_at: time(row.lifted_at), lifted_by: shown('user', row.lifted_by), lift_reason },
  }
}

export function viewHold(row: HoldRow): Hold {
  return {
    ...{ id: showId('hold', row.id), environment_id: showId('environment', row.environment_id) },
    revision_ids: row.revision_ids.map((id) => showId('revision', id)),
    ...{ deployment_id: shown('deployment', row.deployment_id), reason: row.reason },
    ...{ created_by: shown('user', row.created_by), created_at: row.created_at.toISOString() },
    ...{ released_at: time(row.released_at), release_reason: row.release_reason },
  }
}

export function viewApproval(row: ApprovalView): Approval {
  const { user_name, verdict, plan_digest, current, reason } = row
  const user_id = showId('user', row.user_id)
  return { user_id, user_name, verdict, plan_digest, current, reason, at: row.at.toISOString() }
}
