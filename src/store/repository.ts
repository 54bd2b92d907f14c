import type { Selectable } from 'kysely'

export interface RepositoryTable {
  id: string
  /** As people and clients say it: `acme/shop`. */
  name: string
  url: string
  /** Sealed. */
  credential: string | null
  /** Sealed. */
  hook_secret: string | null
  created_at: Date
  updated_at: Date
}

export type RepositoryRow = Selectable<RepositoryTable>
