import type { Selectable } from 'kysely'
import type { JsonColumnWithDefault, JsonObject } from './columns.ts'

/** What CI built of an application. */
export interface InfraArtifactTable {
  id: string
  project_id: string
  application: string
  uri: string
  /** For one environment, or for all that follow a stream; for all of the project where both are null. */
  environment_id: string | null
  release_stream: string | null
  external_id: string | null
  tag: string | null
  description: string | null
  metadata: JsonColumnWithDefault<JsonObject>
  /** An older one of the same application that was taken again. */
  restores: string | null
  registered_by: string | null
  created_at: Date
}

export type InfraArtifactRow = Selectable<InfraArtifactTable>
