import type { CatalogueItem, Commit } from '#api/catalogue.ts'
import type { ReleasableCommit } from '#app/catalogue/list-commits.ts'

export function viewCommit({ authored_at, committed_at, ...commit }: ReleasableCommit): Commit {
  return { ...commit, authored_at: authored_at.toISOString(), committed_at: committed_at.toISOString() }
}

/** As anything else that can be released. */
export function viewReleasableCommit(row: ReleasableCommit): CatalogueItem {
  const commit = viewCommit(row)
  return {
    key: row.repository,
    kind: 'commit',
    title: row.subject,
    version: row.sha,
    in_progress: false,
    updated_by: null,
    updated_at: commit.committed_at,
    live: row.live,
    commit,
  }
}
