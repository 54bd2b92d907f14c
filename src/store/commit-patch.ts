import { sql, type Selectable } from 'kysely'
import type { Db } from './database.ts'

/** What a commit changes, whatever it stands on: two commits with one patch id are one change. */
export interface CommitPatchTable {
  repository_id: string
  commit_sha: string
  /** Empty: it changes nothing. */
  patch_id: string
}

export type CommitPatchRow = Selectable<CommitPatchTable>

/** Which of these commits nobody has computed the patch of. */
export async function listUnpatched(
  db: Db,
  repositoryId: string,
  shas: readonly string[],
): Promise<string[]> {
  const found = await sql<{ sha: string }>`
    select sha from unnest(${sql.val(shas)}::text[]) sha
    where not exists (select from commit_patch p where p.repository_id = ${repositoryId} and p.commit_sha = sha)
  `.execute(db)
  return found.rows.map(({ sha }) => sha)
}

/** Keeps them; those that are kept already are the same. */
export async function insertPatches(
  db: Db,
  repositoryId: string,
  patches: readonly { sha: string; patch_id: string }[],
): Promise<void> {
  const [shas, ids] = [patches.map(({ sha }) => sha), patches.map(({ patch_id }) => patch_id)]
  await sql`
    insert into commit_patch (repository_id, commit_sha, patch_id)
    select ${repositoryId}::uuid, sha, id
    from unnest(${sql.val(shas)}::text[], ${sql.val(ids)}::text[]) as t (sha, id) order by sha
    on conflict do nothing
  `.execute(db)
}

/** All commits of the repository that change what one of these changes, these among them. */
export async function listSamePatches(
  db: Db,
  repositoryId: string,
  shas: readonly string[],
): Promise<Pick<CommitPatchRow, 'commit_sha' | 'patch_id'>[]> {
  const found = await sql<Pick<CommitPatchRow, 'commit_sha' | 'patch_id'>>`
    select distinct same.commit_sha, same.patch_id
    from commit_patch known
    join commit_patch same on same.repository_id = known.repository_id and same.patch_id = known.patch_id
    where known.repository_id = ${repositoryId} and known.commit_sha = any(${sql.val(shas)}::text[])
      and known.patch_id <> ''
  `.execute(db)
  return found.rows
}
