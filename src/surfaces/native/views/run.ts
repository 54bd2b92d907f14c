import type { LogLine } from '#api/log.ts'
import type { Run } from '#api/run.ts'
import type { readLog } from '#app/logs/read-log.ts'
import type { RunView } from '#app/runs/run-view.ts'
import { showId } from '#domain/ids.ts'
import { shown, time } from './shown.ts'

export function viewRun(row: RunView): Run {
  const { environment_name, kind, executor, state, cause, reason, input, result, attempt, version } = row
  const { failure_code, failure_detail, allowed_actions } = row
  return {
    ...{ id: showId('run', row.id), project_id: showId('project', row.project_id), project: row.project_key },
    ...{ environment_id: shown('environment', row.environment_id), environment_name },
    ...{ deployment_id: shown('deployment', row.deployment_id), kind, executor, state, cause, reason },
    ...{ input, result, failure_code, failure_detail, attempt, allowed_actions, version },
    ...{ requested_by: shown('user', row.requested_by), requested_at: row.requested_at.toISOString() },
    ...{ started_at: time(row.started_at), finished_at: time(row.finished_at) },
  }
}

type Line = Awaited<ReturnType<typeof readLog>>['lines'][number]

export function viewLogLine({ position, at, stream, text }: Line): LogLine {
  return { position, at: at.toISOString(), stream, text }
}
