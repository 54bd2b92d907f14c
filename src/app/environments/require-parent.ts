import { DomainError, invalidField } from '#domain/errors.ts'
import type { Db } from '#store/database.ts'
import { lockEnvironments, type EnvironmentRow } from '#store/environment.ts'
import { findProject } from '#store/project.ts'

/**
 * That an environment may stand under a parent: one of the same project, and not below itself. The environments are
 * held, or two changes at once could close a circle. Throws `not_found`, `invalid` (`parent`).
 */
export async function requireParent(
  tx: Db,
  {
    project_id,
    environment_id,
    parent_id,
  }: { project_id: string; environment_id?: string; parent_id: string },
): Promise<void> {
  const all = new Map((await lockEnvironments(tx, project_id)).map((row) => [row.id, row]))
  if (!all.has(parent_id)) throw new DomainError('not_found', { what: 'environment', id: parent_id })
  for (let above = all.get(parent_id); above; above = all.get(above.parent_id ?? ''))
    if (above.id === environment_id)
      throw invalidField('parent', 'invalid', 'would make the environments run in a circle')
}

/** What is proven nowhere would be kept out for ever, or let in unseen. */
export function requiresNobody(): DomainError<'invalid'> {
  return invalidField('requires_parent', 'invalid', 'wants a parent in which things are proven')
}

/** What goes on by itself comes from a parent, and is of code. Throws `invalid` (`auto_promote`). */
export async function requirePromotable(tx: Db, { project_id, parent_id }: EnvironmentRow): Promise<void> {
  if (parent_id === null)
    throw invalidField('auto_promote', 'invalid', 'wants a parent from which things come')
  if ((await findProject(tx, project_id))?.kind !== 'code')
    throw invalidField('auto_promote', 'invalid', 'is for projects of code')
}
