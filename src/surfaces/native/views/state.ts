import type { State, StateVersion } from '#api/state.ts'
import type { getState, listStateVersions } from '#app/state/list-state-versions.ts'
import { shown, time } from './shown.ts'

type StateView = Awaited<ReturnType<typeof getState>>
type VersionRow = Awaited<ReturnType<typeof listStateVersions>>[number]

export function viewState({ version, serial, lineage, bytes, updated_at, unposted, lock }: StateView): State {
  return {
    ...{ version, serial, lineage, bytes, updated_at: time(updated_at) },
    unposted,
    lock: lock && {
      ...{ lock_id: lock.lock_id, operation: lock.operation, who: lock.who, created: lock.created },
      locked_at: time(lock.locked_at),
      deployment_id: shown('deployment', lock.deployment_id),
      run_id: shown('run', lock.run_id),
      user_id: shown('user', lock.user_id),
    },
  }
}

export function viewStateVersion(row: VersionRow): StateVersion {
  const { version, serial, lineage, bytes, writer, created_at } = row
  return {
    ...{ version, serial, lineage, bytes, written_by: writer, at: created_at.toISOString() },
    deployment_id: shown('deployment', row.deployment_id),
    run_id: shown('run', row.run_id),
  }
}
