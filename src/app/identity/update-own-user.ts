import { DomainError } from '#domain/errors.ts'
import type { Annotations } from '#store/columns.ts'
import { lockUser, updateUser } from '#store/user.ts'
import { transact, type Context } from '../context.ts'
import { checkUserFields } from './user-fields.ts'
import { viewUser, type UserView } from './user-view.ts'

/**
 * What people change of themselves: how they are called, and what a surface keeps of them. Only whoever signed in may,
 * no token that acts for them. What is left out stays. Throws `forbidden`, `invalid`.
 */
export async function updateOwnUser(
  ctx: Context,
  { name, annotations }: { name?: string; annotations?: Annotations },
): Promise<UserView> {
  const { principal } = ctx
  const user_id = principal?.kind === 'user' ? principal.user_id : null
  if (user_id === null)
    throw new DomainError('forbidden', {
      action: 'user.admin',
      detail: `${principal?.name ?? 'Headgate'} is nobody who signed in: people change themselves.`,
    })
  checkUserFields({ name })
  return transact(ctx, async (unit) => {
    const row = await lockUser(unit.tx, user_id)
    if (!row) throw new DomainError('not_found', { what: 'user', id: user_id })
    const kept = { ...row.annotations, ...annotations }
    const renamed = name !== undefined && name !== row.name
    if (!renamed && JSON.stringify(kept) === JSON.stringify(row.annotations)) return viewUser(unit.tx, row)
    const after = { ...row, name: name ?? row.name, annotations: kept, updated_at: ctx.now() }
    const { updated_at } = after
    await updateUser(unit.tx, user_id, { name: after.name, annotations: JSON.stringify(kept), updated_at })
    const changed = [...(renamed ? ['name'] : []), ...(annotations ? Object.keys(annotations) : [])]
    unit.record({ kind: 'user.updated', subject_id: user_id, data: { email: row.email, changed } })
    return viewUser(unit.tx, after)
  })
}
