import { DomainError } from '#domain/errors.ts'
import type { Annotations } from '#store/columns.ts'
import { insertProject, type ProjectRow } from '#store/project.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, type Context, type Unit } from '../context.ts'

export interface NewProject {
  /** Made from the name, with `-2` and so on where it is taken, when left out. */
  key?: string
  name: string
  kind: ProjectRow['kind']
  annotations?: Annotations
}

/** Throws `already_exists` when the given key is taken. */
export function createProject(ctx: Context, input: NewProject): Promise<ProjectRow> {
  return transact(ctx, (unit) => createProjectIn(ctx, unit, input))
}

export async function createProjectIn(ctx: Context, unit: Unit, input: NewProject): Promise<ProjectRow> {
  authorize(ctx, 'project.admin')
  const base = input.key ?? keyFrom(input.name)
  for (let n = 1; ; n += 1) {
    const row: ProjectRow = {
      id: ctx.newId(),
      key: n === 1 ? base : `${base}-${n}`,
      name: input.name,
      kind: input.kind,
      annotations: input.annotations ?? {},
      version: 1,
      created_by: authorIn(ctx),
      created_at: ctx.now(),
      updated_at: ctx.now(),
    }
    if (await insertProject(unit.tx, { ...row, annotations: JSON.stringify(row.annotations) })) {
      unit.record({ kind: 'project.created', project_id: row.id, data: { key: row.key, kind: row.kind } })
      return row
    }
    if (input.key) throw new DomainError('already_exists', { what: 'project', id: input.key })
  }
}

/** Lower case, digits and dashes; `project` where nothing is left of the name. */
function keyFrom(name: string): string {
  const key = name
    .normalize('NFKD')
    // What is left of é is e and its accent.
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, 60)
    .replace(/-$/, '')
  return key || 'project'
}
