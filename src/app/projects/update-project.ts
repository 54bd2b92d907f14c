import { DomainError } from '#domain/errors.ts'
import type { Annotations } from '#store/columns.ts'
import { updateProject as update, type ProjectRow } from '#store/project.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { holdProject } from './hold-project.ts'

export interface ProjectChange {
  project_id: string
  name?: string
  annotations?: Annotations
  /** The version that the caller saw; another one throws `version_conflict`. */
  version?: number | undefined
}

/** Throws `not_found`, `version_conflict`. */
export function updateProject(ctx: Context, input: ProjectChange): Promise<ProjectRow> {
  return transact(ctx, (unit) => updateProjectIn(ctx, unit, input))
}

export async function updateProjectIn(ctx: Context, unit: Unit, input: ProjectChange): Promise<ProjectRow> {
  const { project_id, name, annotations, version } = input
  authorize(ctx, 'project.admin', { project_id })
  if (version !== undefined) await holdProject(unit.tx, project_id, version)
  const row = await update(unit.tx, project_id, {
    ...(name === undefined ? {} : { name }),
    ...(annotations === undefined ? {} : { annotations: JSON.stringify(annotations) }),
    updated_at: ctx.now(),
  })
  if (!row) throw new DomainError('not_found', { what: 'project', id: project_id })
  unit.record({ kind: 'project.updated', project_id, data: { name: row.name } })
  return row
}
