import type { Environment } from '#api/environment.ts'
import type { getEnvironment } from '#app/environments/get-environment.ts'
import { redactSettings } from '#app/dispatches/executor-settings.ts'
import { showId } from '#domain/ids.ts'
import { times } from './shown.ts'

type EnvironmentRow = Awaited<ReturnType<typeof getEnvironment>>

/** `all`: the project's environments, for the parent's name. */
export function viewEnvironment(row: EnvironmentRow, all: readonly EnvironmentRow[]): Environment {
  const { name, tier, requires_parent, auto_promote, executor, version, approvals_needed: count } = row
  return {
    ...{ id: showId('environment', row.id), project_id: showId('project', row.project_id), name, tier },
    ...{
      parent: all.find(({ id }) => id === row.parent_id)?.name ?? null,
      requires_parent,
      auto_promote,
      approvals: { count, timeout_seconds: row.approval_timeout_seconds },
      executor,
      deploy: redactSettings(row.executor_settings),
      version,
    },
    ...times(row),
  }
}
