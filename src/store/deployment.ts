import type { Generated } from 'kysely'
import type { Annotations, JsonColumn, JsonColumnWithDefault, JsonObject } from './columns.ts'

export interface DeploymentTable {
  id: string
  request_id: string
  project_id: string
  environment_id: string
  release_id: string
  revision_id: string
  plan_id: string | null
  rolls_back: string | null
  state:
    | 'requested'
    | 'queued'
    | 'planning'
    | 'awaiting_approval'
    | 'applying'
    | 'canceling'
    | 'invalid'
    | 'expired'
    | 'unchanged'
    | 'planned'
    | 'rejected'
    | 'succeeded'
    | 'partly_succeeded'
    | 'failed'
    | 'canceled'
  driver: 'engine' | 'inline' | 'caller'
  selected_keys: string[] | null
  forced: Generated<boolean>
  dry_run: Generated<boolean>
  on_item_failure: 'stop' | 'continue'
  when_busy: 'wait' | 'refuse'
  when_shut: 'wait' | 'refuse'
  due_at: Date | null
  misfire: JsonColumn<JsonObject>
  reason: string | null
  failure_code: string | null
  failure_detail: string | null
  counts: JsonColumnWithDefault<{ [outcome: string]: number }>
  attempt: Generated<number>
  version: Generated<number>
  annotations: JsonColumnWithDefault<Annotations>
  requested_by: string | null
  requested_by_token: string | null
  requested_at: Date
  queued_at: Date | null
  started_at: Date | null
  finished_at: Date | null
}
