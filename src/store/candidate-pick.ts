import type { Generated, Selectable } from 'kysely'

export interface CandidatePickTable {
  candidate_id: string
  /** The commit on its own branch. */
  source_sha: string
  position: Generated<number>
  patch_id: string | null
  pull_request: number | null
  title: Generated<string>
  /** `included`: the candidate has it without a pick. */
  outcome: 'wanted' | 'picked' | 'conflicted' | 'included'
  /** What it became. */
  commit_sha: string | null
  conflict_branch: string | null
  conflict_paths: Generated<string[]>
}

export type CandidatePickRow = Selectable<CandidatePickTable>
