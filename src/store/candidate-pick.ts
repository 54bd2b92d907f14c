import { sql, type Generated, type Selectable } from 'kysely'
import type { Db } from './database.ts'

export interface CandidatePickTable {
  candidate_id: string
  /** The commit on its own branch. */
  source_sha: string
  position: Generated<number>
  /** What it changes; null where nobody knows. */
  patch_id: string | null
  pull_request: number | null
  title: Generated<string>
  /** `included`: the candidate has it without a pick. */
  outcome: 'wanted' | 'picked' | 'conflicted' | 'included'
  /** What it became. */
  commit_sha: string | null
  conflict_branch: string | null
  conflict_paths: Generated<string[]>
  /** Of each path. */
  conflict_kinds: Generated<string[]>
}

export type CandidatePickRow = Selectable<CandidatePickTable>

/** What is known of a commit that is picked somewhere. */
export type PickSource = Pick<CandidatePickRow, 'source_sha' | 'patch_id' | 'pull_request' | 'title'>

/** What is picked into these candidates, or is to be, or is in them without; in the order in which it was picked. */
export function listPicks(db: Db, candidateIds: readonly string[]): Promise<CandidatePickRow[]> {
  return db
    .selectFrom('candidate_pick')
    .selectAll()
    .where('candidate_id', '=', sql<string>`any(${sql.val(candidateIds)}::uuid[])`)
    .orderBy('candidate_id')
    .orderBy('position')
    .orderBy('source_sha')
    .execute()
}

/** What was picked anywhere in a project, or asked to be; that of the newest candidates first. */
export async function listPickSources(db: Db, projectId: string, limit: number): Promise<PickSource[]> {
  const { rows } = await sql<PickSource>`
    select source_sha, patch_id, pull_request, title from (
      select distinct on (source_sha) candidate_pick.*, candidate.ordinal from candidate_pick
      join candidate on candidate.id = candidate_pick.candidate_id
      where candidate.project_id = ${projectId} and outcome <> 'included'
      order by source_sha, ordinal desc) source
    order by ordinal desc, position limit ${limit}
  `.execute(db)
  return rows
}

/** A candidate that stands on another has what was picked there. */
export async function copyPicks(db: Db, fromId: string, toId: string): Promise<void> {
  await sql`
    insert into candidate_pick (candidate_id, source_sha, position, patch_id, pull_request, title, outcome, commit_sha)
    select ${toId}::uuid, source_sha, position, patch_id, pull_request, title, outcome, commit_sha
    from candidate_pick where candidate_id = ${fromId} and outcome in ('picked', 'included')
  `.execute(db)
}

/** What is to be picked, behind what is there; where it is there already, it stays as it is. */
export async function insertWanted(
  db: Db,
  candidateId: string,
  sources: readonly PickSource[],
  conflictBranch: string,
): Promise<void> {
  await sql`
    insert into candidate_pick
      (candidate_id, source_sha, position, patch_id, pull_request, title, outcome, conflict_branch)
    select ${candidateId}::uuid, source_sha, place + coalesce((select max(position) from candidate_pick
      where candidate_id = ${candidateId}), 0), patch_id, pull_request, title, 'wanted', ${conflictBranch}
    from rows from (jsonb_to_recordset(${JSON.stringify(sources)}::jsonb)
      as (source_sha text, patch_id text, pull_request int, title text))
      with ordinality as source (source_sha, patch_id, pull_request, title, place)
    on conflict do nothing
  `.execute(db)
}

/** Which candidates have what without a pick of ours. What is known of them already stays. Answers how many are new. */
export async function insertIncluded(
  db: Db,
  included: readonly (PickSource & { candidate_id: string })[],
): Promise<number> {
  if (included.length === 0) return 0
  const { numAffectedRows } = await sql`
    insert into candidate_pick (candidate_id, source_sha, patch_id, pull_request, title, outcome)
    select candidate_id, source_sha, patch_id, pull_request, title, 'included'
    from jsonb_to_recordset(${JSON.stringify(included)}::jsonb)
      as (candidate_id uuid, source_sha text, patch_id text, pull_request int, title text)
    where exists (select from candidate where candidate.id = candidate_id)
    order by candidate_id, source_sha
    on conflict do nothing
  `.execute(db)
  return Number(numAffectedRows ?? 0)
}

export type PickOutcome = Pick<CandidatePickRow, 'source_sha' | 'outcome' | 'commit_sha'> & {
  conflict_paths: readonly string[]
  conflict_kinds: readonly string[]
}

/** How the picks of a candidate came out. */
export async function updateOutcomes(
  db: Db,
  candidateId: string,
  outcomes: readonly PickOutcome[],
): Promise<void> {
  await sql`
    update candidate_pick set outcome = said.outcome, commit_sha = said.commit_sha,
      conflict_paths = array(select jsonb_array_elements_text(said.conflict_paths)),
      conflict_kinds = array(select jsonb_array_elements_text(said.conflict_kinds)),
      conflict_branch = case when said.outcome = 'conflicted' then conflict_branch end
    from jsonb_to_recordset(${JSON.stringify(outcomes)}::jsonb) as said
      (source_sha text, outcome text, commit_sha text, conflict_paths jsonb, conflict_kinds jsonb)
    where candidate_id = ${candidateId} and candidate_pick.source_sha = said.source_sha
  `.execute(db)
}

/** What was in conflict is in by this commit. */
export async function resolvePicks(db: Db, candidateId: string, commitSha: string): Promise<void> {
  await db
    .updateTable('candidate_pick')
    .set({ outcome: 'picked', commit_sha: commitSha })
    .where('candidate_id', '=', candidateId)
    .where('outcome', 'in', ['conflicted', 'wanted'])
    .execute()
}

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
