import { DomainError } from '#domain/errors.ts'
import { findContentBranch, claimMainBranch } from '#store/content-branch.ts'
import { listContentBranchAliases } from '#store/content-branch-alias.ts'
import { findBranchUnderway, holdBranchReleases, removeContentBranch } from '#store/content-branch-write.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { mainBranch } from './create-content-base.ts'

/**
 * Removes a branch with its content, its releases and what of it is live, in one transaction: from then on readers find
 * nothing of it. Its deployments stay in the history. Not `main`, which every project has. Throws `not_found`,
 * `not_possible_now` for main, and `in_use` while an alias means it or a deployment of it is not over.
 */
export async function removeBranch(
  ctx: Context,
  { project_id, uid }: { project_id: string; uid: string },
): Promise<void> {
  authorize(ctx, 'branch.admin', { project_id, branch: uid })
  if (uid === mainBranch)
    throw new DomainError('not_possible_now', {
      ...{ what: 'branch', id: uid, state: 'the one that every project has', action: 'removing it' },
    })
  await transact(ctx, async (unit) => {
    await claimMainBranch(unit.tx, project_id)
    const branch = await findContentBranch(unit.tx, { project_id, uid })
    if (!branch) throw new DomainError('not_found', { what: 'branch', id: uid })
    const inUse = (by: string) => new DomainError('in_use', { what: 'branch', id: uid, by })
    const aliases = await listContentBranchAliases(unit.tx, project_id)
    const alias = aliases.find(({ branch_id }) => branch_id === branch.id)
    if (alias) throw inUse(`its alias ${alias.uid}: move or remove that first`)
    await holdBranchReleases(unit.tx, branch)
    const underway = await findBranchUnderway(unit.tx, branch)
    if (underway)
      throw inUse(
        `a deployment to ${underway.environment} that is ${underway.state}: let it end or cancel it`,
      )
    const removed = await removeContentBranch(unit.tx, branch, ctx.now())
    unit.record({ kind: 'branch.removed', project_id, subject_id: branch.id, data: { uid, ...removed } })
  })
}
