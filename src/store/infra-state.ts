import type { Generated, Selectable } from 'kysely'
import type { JsonColumn, JsonObject } from './columns.ts'

/** What Terraform knows of an environment, and who is at it. The state itself lies among the blobs, encrypted. */
export interface InfraStateTable {
  environment_id: string
  /** Of infra_state_version; 0: there is none yet. */
  version: Generated<number>
  serial: number | null
  lineage: string | null
  blob_digest: string | null
  lock_id: string | null
  /** As who took it described it. */
  lock_info: JsonColumn<JsonObject> | null
  lock_deployment_id: string | null
  lock_run_id: string | null
  lock_attempt: number | null
  lock_user_id: string | null
  locked_at: Date | null
  updated_at: Date
}

export type InfraStateRow = Selectable<InfraStateTable>
