import { DomainError } from '#domain/errors.ts'
import type { Annotations } from '#store/columns.ts'
import { updateProject as update, type ProjectRow } from '#store/project.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context, type Unit } from '../context.ts'

export interface ProjectChange {
  project_id: string
  name?: string
  annotations?: Annotations
}

/** Throws `not_found`. */
export function updateProject(ctx: Context, input: ProjectChange): Promise<ProjectRow> {
  return transact(ctx, (unit) => updateProjectIn(ctx, unit, input))
}

export async function updateProjectIn(ctx: Context, unit: Unit, input: ProjectChange): Promise<ProjectRow> {
  const { project_id, name, annotations } = input
  authorize(ctx, 'project.admin', { project_id })
  const row = await update(unit.tx, project_id, {
    ...(name === undefined ? {} : { name }),
    ...(annotations === undefined ? {} : { annotations: JSON.stringify(annotations) }),
    updated_at: ctx.now(),
  })
  if (!row) throw new DomainError('not_found', { what: 'project', id: project_id })
  unit.record({ kind: 'project.updated', project_id, data: { name: row.name } })
  return row
}
