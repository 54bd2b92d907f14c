import type { Generated } from 'kysely'
import type { Annotations, JsonColumnWithDefault } from './columns.ts'

export interface ReleaseTable {
  id: string
  project_id: string
  branch: string | null
  name: string
  description: Generated<string>
  one_shot: Generated<boolean>
  lock: 'user' | 'deployment' | null
  locked_by: string | null
  locked_at: Date | null
  archived: Generated<boolean>
  version: Generated<number>
  annotations: JsonColumnWithDefault<Annotations>
  created_by: string | null
  updated_by: string | null
  created_at: Date
  updated_at: Date
}
