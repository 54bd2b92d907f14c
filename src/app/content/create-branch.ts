import { DomainError, invalidField } from '#domain/errors.ts'
import { findNamedBranch } from '#store/content-branch-alias.ts'
import {
  claimMainBranch,
  copyContentBranch,
  findContentBranch,
  insertContentBranch,
  listContentItemIds,
} from '#store/content-branch.ts'
import { listContentTypeIds } from '#store/content-type.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, type Context } from '../context.ts'
import { mainBranch } from './create-content-base.ts'
import { viewBranch, type BranchView } from './get-branch.ts'

export interface NewBranch {
  project_id: string
  uid: string
  /** The branch that it starts as a copy of. */
  source?: string
}

/** What a branch or an alias may be called: its name is part of what releases pin. */
export const branchShape = /^[a-z0-9][a-z0-9_.-]{0,63}$/
export const branchShapeSaid = 'A branch is up to 64 small letters, digits, dots, dashes and underscores.'

/**
 * Makes a branch with all that its source holds: content types, items, drafts and the history of versions, which
 * releases and named versions count on. Nothing of it is live: what readers of the branch shall see is published there.
 * Throws `not_found` (the source), `already_exists` (also where an alias has this name), `invalid` (`uid`).
 */
export async function createBranch(ctx: Context, input: NewBranch): Promise<BranchView> {
  const { project_id, uid, source = mainBranch } = input
  authorize(ctx, 'catalogue.edit', { project_id, branch: uid })
  authorize(ctx, 'catalogue.read', { project_id, branch: source })
  if (!branchShape.test(uid)) throw invalidField('uid', 'invalid', branchShapeSaid)
  return transact(ctx, async (unit) => {
    await claimMainBranch(unit.tx, project_id)
    const from = await findContentBranch(unit.tx, { project_id, uid: source })
    if (!from) throw new DomainError('not_found', { what: 'branch', id: source })
    const row = {
      id: ctx.newId(),
      project_id,
      uid,
      source,
      created_by: authorIn(ctx),
      created_at: ctx.now(),
    }
    const taken = await findNamedBranch(unit.tx, { project_id, name: uid })
    if (taken !== undefined || !(await insertContentBranch(unit.tx, row)))
      throw new DomainError('already_exists', { what: 'branch', id: uid })
    // In this order: no item comes along without its type, whatever is made meanwhile.
    const items = await listContentItemIds(unit.tx, from.id)
    const types = await listContentTypeIds(unit.tx, from.id)
    await copyContentBranch(unit.tx, {
      from: from.id,
      to: row.id,
      types: types.map((id) => ({ old: id, new: ctx.newId() })),
      items: items.map((id) => ({ old: id, new: ctx.newId() })),
    })
    unit.record({ kind: 'branch.created', project_id, data: { uid, source, items: items.length } })
    return viewBranch(row)
  })
}
