import { DomainError } from '#domain/errors.ts'
import { claimMainBranch } from '#store/content-branch.ts'
import { findNamedBranch, removeContentBranchAlias } from '#store/content-branch-alias.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'

/** The branch stays; what asks for the alias finds none. Throws `not_found`. */
export async function removeBranchAlias(
  ctx: Context,
  { project_id, uid }: { project_id: string; uid: string },
): Promise<void> {
  authorize(ctx, 'branch.admin', { project_id })
  await transact(ctx, async (unit) => {
    await claimMainBranch(unit.tx, project_id)
    const branch = await findNamedBranch(unit.tx, { project_id, name: uid })
    if (branch !== undefined) authorize(ctx, 'branch.admin', { project_id, branch })
    if (!(await removeContentBranchAlias(unit.tx, { project_id, uid })))
      throw new DomainError('not_found', { what: 'branch alias', id: uid })
    unit.record({ kind: 'branch_alias.removed', project_id, data: { uid } })
  })
}
