import type { Release, Revision } from '#api/release.ts'
import type { listRevisions } from '#app/releases/list-revisions.ts'
import type { ReleaseView } from '#app/releases/release-view.ts'
import { showId } from '#domain/ids.ts'
import { shown, times } from './shown.ts'

type RevisionRow = Awaited<ReturnType<typeof listRevisions>>[number]

export function viewRelease(row: ReleaseView): Release {
  const { branch, name, description, lock, archived, version, item_count } = row
  return {
    ...{
      id: showId('release', row.id),
      project_id: showId('project', row.project_id),
      branch,
      name,
      description,
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
