import type { Selectable } from 'kysely'
import type { ModuleContract } from '#domain/blueprint.ts'
import type { JsonColumn } from './columns.ts'

/** A module as it was, by the digest of its files. */
export interface InfraModuleTable {
  digest: string
  intent: string
  flavor: string
  module_version: string
  contract: JsonColumn<ModuleContract>
  /** Its files, among the blobs. */
  blob_digest: string
  created_at: Date
}

export type InfraModuleRow = Selectable<InfraModuleTable>
