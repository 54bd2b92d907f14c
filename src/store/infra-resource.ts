import type { Selectable } from 'kysely'
import type { ResourceContent } from '#domain/blueprint.ts'
import type { JsonColumn } from './columns.ts'

/** A resource as an environment gets it, by the version of its item. */
export interface InfraResourceTable {
  project_id: string
  version: string
  item_key: string
  module_digest: string | null
  content: JsonColumn<ResourceContent>
  created_at: Date
}

export type InfraResourceRow = Selectable<InfraResourceTable>
