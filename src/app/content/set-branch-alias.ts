import { DomainError, invalidField } from '#domain/errors.ts'
import { claimMainBranch, findContentBranch } from '#store/content-branch.ts'
import { findNamedBranch, upsertContentBranchAlias } from '#store/content-branch-alias.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, type Context } from '../context.ts'
import { branchShape, branchShapeSaid } from './create-branch.ts'
import type { AliasView } from './get-branch-alias.ts'

/**
 * Gives a branch another name, or moves that name to another branch: whoever asks for it gets that branch from then on,
 * tokens that are bound to it included. Throws `forbidden` for who does not reach both, `invalid` (`uid`), `not_found` (the branch), `already_exists` where a
 * branch has this uid.
 */
export async function setBranchAlias(
  ctx: Context,
  { project_id, uid, branch }: { project_id: string; uid: string; branch: string },
): Promise<AliasView> {
  authorize(ctx, 'branch.admin', { project_id, branch })
  if (!branchShape.test(uid)) throw invalidField('uid', 'invalid', branchShapeSaid)
  return transact(ctx, async (unit) => {
    await claimMainBranch(unit.tx, project_id)
    if (await findContentBranch(unit.tx, { project_id, uid }))
      throw new DomainError('already_exists', { what: 'branch', id: uid })
    // Moved away from a branch, it is that branch that changes for whoever asks for it.
    const before = await findNamedBranch(unit.tx, { project_id, name: uid })
    if (before !== undefined) authorize(ctx, 'branch.admin', { project_id, branch: before })
    const target = await findContentBranch(unit.tx, { project_id, uid: branch })
    if (!target) throw new DomainError('not_found', { what: 'branch', id: branch })
    const [by, at] = [authorIn(ctx), ctx.now()]
    const row = await upsertContentBranchAlias(unit.tx, {
      ...{ project_id, uid, branch_id: target.id },
      ...{ created_by: by, updated_by: by, created_at: at, updated_at: at },
    })
    unit.record({ kind: 'branch_alias.set', project_id, subject_id: target.id, data: { uid, branch } })
    return { ...row, branch }
  })
}
