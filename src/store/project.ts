import type { Annotations, JsonColumnWithDefault } from './columns.ts'

export interface ProjectTable {
  id: string
  key: string
  name: string
  kind: 'content' | 'code' | 'infra' | 'data'
  annotations: JsonColumnWithDefault<Annotations>
  created_by: string | null
  created_at: Date
  updated_at: Date
}
