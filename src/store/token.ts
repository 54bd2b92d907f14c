import type { Generated } from 'kysely'
import type { Annotations, JsonColumnWithDefault } from './columns.ts'

export interface TokenTable {
  id: string
  user_id: string | null
  project_id: string | null
  environment_ids: string[] | null
  branches: string[] | null
  kind: 'service' | 'session' | 'delivery'
  name: string
  description: Generated<string>
  secret_sha256: Buffer
  scopes: string[]
  annotations: JsonColumnWithDefault<Annotations>
  expires_at: Date | null
  created_at: Date
  updated_at: Date
}
