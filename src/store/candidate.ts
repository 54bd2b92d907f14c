import type { Generated, GeneratedAlways, Selectable } from 'kysely'
import type { CandidateState } from '#domain/candidate-lifecycle.ts'
import type { Cause } from '#domain/hold.ts'

export interface CandidateTable {
  id: string
  /** As others outside know it. */
  ordinal: GeneratedAlways<number>
  project_id: string
  release_id: string
  number: number
  version: string
  state: CandidateState
  /** Null while it is picked. */
  commit_sha: string | null
  base_id: string | null
  branch: string | null
  revision_id: string | null
  build_run_id: string | null
  pick_run_id: string | null
  bundle_digest: string | null
  deploy_to: string | null
  cause: Cause
  failure_detail: string | null
  /** Raised with every change. */
  version_number: Generated<number>
  created_by: string | null
  created_at: Date
  ready_at: Date | null
}

export type CandidateRow = Selectable<CandidateTable>
