import type { Selectable } from 'kysely'
import type { Finding, PreReleaseHook } from '#domain/blueprint.ts'
import type { JsonColumn, JsonColumnWithDefault } from './columns.ts'

/** Where a revision of infrastructure came from, and what was found wrong with it. */
export interface InfraSnapshotTable {
  revision_id: string
  blueprint_digest: string
  modules_digest: string
  hook: JsonColumn<PreReleaseHook> | null
  findings: JsonColumnWithDefault<Finding[]>
  created_at: Date
}

export type InfraSnapshotRow = Selectable<InfraSnapshotTable>
