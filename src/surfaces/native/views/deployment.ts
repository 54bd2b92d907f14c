import type { Deployment, DeploymentItem } from '#api/deployment.ts'
import type { DeploymentView } from '#app/deployments/deployment-view.ts'
import type { listDeploymentItems } from '#app/deployments/get-deployment.ts'
import { showId } from '#domain/ids.ts'
import { shown, time } from './shown.ts'

type ItemRow = Awaited<ReturnType<typeof listDeploymentItems>>[number]

export function viewDeployment(row: DeploymentView): Deployment {
  const { environment_name, release_name, revision_number, state, dry_run, forced, reason, version } = row
  const { failure_code, failure_detail, counts, blockers, allowed_actions } = row
  const { approval, plan_digest, cause, refresh, allow_destroy, trace_id, source_commit } = row
  return {
    ...{
      id: showId('deployment', row.id),
      number: row.number,
      request_id: showId('request', row.request_id),
    },
    ...{
      project_id: showId('project', row.project_id),
      environment_id: showId('environment', row.environment_id),
    },
    ...{ environment_name, release_id: showId('release', row.release_id), release_name },
    ...{
      revision_id: showId('revision', row.revision_id),
      revision_number,
      from_revision_id: shown('revision', row.from_revision_id),
      plan_id: shown('plan', row.plan_id),
    },
    deploys_plan: shown('plan', row.deploys_plan),
    retries: shown('deployment', row.retries),
    selected: row.selected_keys?.length ?? null,
    ...{ on_item_failure: row.on_item_failure, driver: row.driver, reported: row.reported },
    ...{ rolls_back: shown('deployment', row.rolls_back), state, dry_run, forced, reason, version },
    ...{ failure_code, failure_detail, counts, blockers, allowed_actions, due_at: time(row.due_at) },
    approval: approval ? { ...approval, expires_at: time(approval.expires_at) } : null,
    ...{ plan_digest, cause, refresh, allow_destroy, trace_id, source_commit },
    ...{ requested_by: shown('user', row.requested_by), requested_at: row.requested_at.toISOString() },
    ...{
      queued_at: time(row.queued_at),
      started_at: time(row.started_at),
      finished_at: time(row.finished_at),
    },
  }
}

export function viewDeploymentItem(row: ItemRow): DeploymentItem {
  const { item_key: key, kind, title, action, before, after, outcome, code, reason, uncertain } = row
  return { key, kind, title, action, before, after, outcome, uncertain, code, reason }
}
