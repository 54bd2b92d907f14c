import { DomainError } from '#domain/errors.ts'
import type { Target } from '#domain/principal.ts'
import { releaseActions, type ReleaseAction } from '#domain/release-actions.ts'
import { findRelease, lockRelease, type HeldRelease, type ReleaseRow } from '#store/release.ts'
import type { Db } from '#store/database.ts'
import { requireVersion } from '../require-version.ts'
import { refuseCodeOf } from './refuse-code.ts'

/** A release as use-cases return it. Times are Dates, people are uuids. */
export interface ReleaseView extends Omit<ReleaseRow, 'one_shot' | 'removed_at'> {
  item_count?: number
  allowed_actions: ReleaseAction[]
}

export function viewRelease(row: ReleaseRow): ReleaseView {
  const { one_shot: _one, removed_at: _removed, ...view } = row
  return { ...view, allowed_actions: releaseActions(row.lock) }
}

/** Where a release stands, for those who may not go everywhere. */
export function placeOf({ project_id, branch }: Pick<ReleaseRow, 'project_id' | 'branch'>): Target {
  return branch === null ? { project_id } : { project_id, branch }
}

/** Throws `not_found`, also for a release of another project. */
export async function requireRelease(db: Db, projectId: string, id: string): Promise<ReleaseRow> {
  const row = await findRelease(db, projectId, id)
  if (!row) throw new DomainError('not_found', { what: 'release', id })
  return row
}

/**
 * As requireRelease, and holds its row until the transaction ends. `version` is the one that the caller saw: another
 * one throws `version_conflict`.
 */
export async function holdRelease(
  tx: Db,
  projectId: string,
  id: string,
  version?: number,
): Promise<HeldRelease> {
  const row = await lockRelease(tx, projectId, id)
  if (!row) throw new DomainError('not_found', { what: 'release', id })
  requireVersion('release', row, version)
  return row
}

/** Holds a release whose items are to change. Throws `release_locked`, `invalid` of one of code, and as holdRelease. */
export async function holdOpenRelease(
  tx: Db,
  projectId: string,
  id: string,
  version?: number,
): Promise<HeldRelease> {
  const row = await holdRelease(tx, projectId, id, version)
  refuseCodeOf(row.project_kind)
  if (row.lock) throw new DomainError('release_locked', { release_id: id, by: row.lock })
  return row
}
