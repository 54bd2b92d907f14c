import { invalidField } from '#domain/errors.ts'
import { findProject, type ProjectRow } from '#store/project.ts'
import type { Context } from '../context.ts'
import { memoryOf } from '../memory.ts'

/**
 * What a release of code is stands in its candidates, and what one of infrastructure is in its blueprint: nothing of
 * either is put together by hand. Throws `invalid`.
 */
export function refuseCodeOf(kind: ProjectRow['kind'] | undefined): void {
  if (kind === 'code')
    throw invalidField(
      'release',
      'invalid',
      'is of code: its candidates are cut from commits, and picked into',
    )
  if (kind === 'infra')
    throw invalidField(
      'release',
      'invalid',
      'is of infrastructure: it is what the blueprint says when a release is asked for',
    )
}

/** The same for a project whose kind is not at hand. It never changes, and so is remembered. */
export async function refuseCode(ctx: Context, project_id: string): Promise<void> {
  const find = () => findProject(ctx.db, project_id)
  const project = await memoryOf(ctx).recall(`kind of ${project_id}`, ctx.now().getTime(), find)
  refuseCodeOf(project?.kind)
}
