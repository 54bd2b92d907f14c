import type { Drift, DriftCheck, DriftedThing, IgnoredDrift } from '#api/drift.ts'
import type { ignoreDrift } from '#app/drift/ignore-drift.ts'
import type { listDriftChecks, StandingView } from '#app/drift/list-drift.ts'
import { showId } from '#domain/ids.ts'
import { shown, time } from './shown.ts'

type CheckRow = Awaited<ReturnType<typeof listDriftChecks>>[number]
type IgnoreRow = Awaited<ReturnType<typeof ignoreDrift>>

export function viewDrift(row: StandingView): Drift {
  const { status, drifted, ignored, outdated, cron, time_zone, last_outcome, last_at } = row
  return {
    ...{ project: row.project_key, environment_id: showId('environment', row.environment_id) },
    ...{ environment: row.environment_name, status, drifted, ignored, outdated },
    items: row.items.map(viewThing),
    ...{ checked_at: time(row.said_at), check_id: shown('drift', row.said_id) },
    last:
      last_outcome && last_at
        ? { outcome: last_outcome, detail: row.last_detail, at: last_at.toISOString() }
        : null,
    run_id: shown('run', row.run_id),
    schedule: cron === null ? null : { cron, time_zone: time_zone ?? 'UTC', next_at: time(row.next_at) },
  }
}

export function viewDriftCheck(row: CheckRow): DriftCheck {
  const { outcome, drifted, ignored, state_version, detail, run_id, deployment_id } = row
  return {
    ...{ id: showId('drift', row.id), outcome, drifted, ignored, items: row.items.map(viewThing) },
    ...{ state_version, detail, run_id: shown('run', run_id) },
    ...{ deployment_id: shown('deployment', deployment_id), at: row.created_at.toISOString() },
  }
}

export function viewIgnoredDrift(row: IgnoreRow): IgnoredDrift {
  const { item_key: item, address, attribute, reason } = row
  return {
    ...{ id: showId('ignored drift', row.id), item, address, attribute, until: time(row.until), reason },
    ...{ created_by: shown('user', row.created_by), created_at: row.created_at.toISOString() },
  }
}

function viewThing({
  item_key: item,
  address,
  action,
  ignored,
  attributes,
}: CheckRow['items'][number]): DriftedThing {
  return {
    ...{ item, address, action, ignored: ignored === true },
    attributes: attributes.map((change) => ({
      ...{ attribute: change.attribute, before: change.before, after: change.after },
      ...{ sensitive: change.sensitive === true, ignored: change.ignored === true },
    })),
  }
}
