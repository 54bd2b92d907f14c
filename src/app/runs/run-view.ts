import { DomainError } from '#domain/errors.ts'
import type { Target } from '#domain/principal.ts'
import { allowedRunActions } from '#domain/run-lifecycle.ts'
import type { Db } from '#store/database.ts'
import { findRun, type NamedRun, type RunRow } from '#store/run.ts'

/** A run as use-cases return it. Times are Dates, people are uuids; how it was run stays inside. */
export interface RunView extends Omit<NamedRun, 'settings'> {
  allowed_actions: 'cancel'[]
}

export function viewRun({ settings: _, ...row }: NamedRun): RunView {
  return { ...row, allowed_actions: allowedRunActions(row.state) }
}

/** Where a run stands, for those who may not go everywhere. */
export function placeOfRun({
  project_id,
  environment_id,
}: Pick<RunRow, 'project_id' | 'environment_id'>): Target {
  return { project_id, ...(environment_id ? { environment_id } : {}) }
}

/** Throws `not_found`. */
export async function requireRun(db: Db, id: string): Promise<NamedRun> {
  const row = await findRun(db, id)
  if (!row) throw new DomainError('not_found', { what: 'run', id })
  return row
}
