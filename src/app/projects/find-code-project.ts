import type { ProjectRow } from '#store/project.ts'
import type { Context } from '../context.ts'
import { findNamedProject } from './find-named-project.ts'

/** The project of code that is called so, by its key or its display name. Throws `not_found`. */
export function findCodeProject(ctx: Context, { name }: { name: string }): Promise<ProjectRow> {
  return findNamedProject(ctx, { kind: 'code', name })
}
