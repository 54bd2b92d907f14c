import type { Generated, Selectable } from 'kysely'
import type { DriftedThing } from '#domain/effect.ts'
import type { JsonColumnWithDefault } from './columns.ts'

/** What was found when somebody looked whether an environment is as it was left. */
export interface DriftTable {
  id: string
  environment_id: string
  run_id: string | null
  outcome: 'clean' | 'drifted' | 'failed'
  items: JsonColumnWithDefault<DriftedThing[]>
  /** Things that drifted and are not ignored, and those that are. */
  drifted: Generated<number>
  ignored: Generated<number>
  /** The state that was compared with. */
  state_version: number | null
  detail: string | null
  created_at: Date
}

export type DriftRow = Selectable<DriftTable>
