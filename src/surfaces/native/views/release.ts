import type { PinnedRevision, Release, Revision } from '#api/release.ts'
import type { getRevision } from '#app/releases/get-revision.ts'
import type { listRevisions } from '#app/releases/list-revisions.ts'
import type { ReleaseView } from '#app/releases/release-view.ts'
import { showId } from '#domain/ids.ts'
import { shown, time, times } from './shown.ts'

type RevisionRow = Awaited<ReturnType<typeof listRevisions>>[number]

export function viewRelease(row: ReleaseView): Release {
  const { branch, name, description, lock, lock_reason, archived, version, item_count, allowed_actions } = row
  return {
    ...{
      id: showId('release', row.id),
      project_id: showId('project', row.project_id),
      branch,
      name,
      description,
    },
    ...{
      lock_reason,
      locked_by: shown('user', row.locked_by),
      locked_at: time(row.locked_at),
      allowed_actions,
    },
    ...{ lock, archived, version, ...(item_count !== undefined && { item_count }) },
    ...{ created_by: shown('user', row.created_by), updated_by: shown('user', row.updated_by) },
    ...times(row),
  }
}

export function viewRevision({
  id,
  number,
  digest,
  scope,
  item_count,
  created_by,
  created_at,
}: RevisionRow): Revision {
  const author = shown('user', created_by)
  return {
    id: showId('revision', id),
    number,
    digest,
    scope,
    item_count,
    created_by: author,
    created_at: created_at.toISOString(),
  }
}

export function viewPinnedRevision(row: Awaited<ReturnType<typeof getRevision>>): PinnedRevision {
  return { ...viewRevision(row), items: row.items }
}
