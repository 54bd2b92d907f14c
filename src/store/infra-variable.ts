import type { Generated, Selectable } from 'kysely'

/** A value of an environment that the blueprint refers to by its name. */
export interface InfraVariableTable {
  environment_id: string
  name: string
  /** A secret is sealed for its environment. */
  value: string
  secret: Generated<boolean>
  version: Generated<number>
  updated_by: string | null
  updated_at: Date
}

export type InfraVariableRow = Selectable<InfraVariableTable>
