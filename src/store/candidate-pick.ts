import { sql, type Generated, type Selectable } from 'kysely'
import type { Db } from './database.ts'

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

/** What became of what, by what was picked here: pairs of a commit and its source, of which either is one of these. */
export async function listPicksOfCommits(db: Db, shas: readonly string[]): Promise<[string, string][]> {
  const these = sql`any(${sql.val(shas)}::text[])`
  const found = await sql<{ commit_sha: string; source_sha: string }>`
    select commit_sha, source_sha from candidate_pick
    where commit_sha = ${these} and commit_sha is not null and outcome <> 'included'
    union
    select commit_sha, source_sha from candidate_pick
    where source_sha = ${these} and commit_sha is not null and outcome <> 'included'
  `.execute(db)
  return found.rows.map((row) => [row.commit_sha, row.source_sha])
}
