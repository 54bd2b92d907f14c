import { DomainError, invalidField } from '#domain/errors.ts'
import {
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

const shape = /^[a-z0-9][a-z0-9_.-]{0,63}$/

/**
 * Makes a branch with all that its source holds: content types, items, drafts and versions. Nothing of it is live.
 * Throws `not_found` (the source), `already_exists`, `invalid` (`uid`).
 */
export async function createBranch(ctx: Context, input: NewBranch): Promise<BranchView> {
  const { project_id, uid, source = mainBranch } = input
  authorize(ctx, 'catalogue.edit', { project_id, branch: uid })
  authorize(ctx, 'catalogue.read', { project_id, branch: source })
  if (!shape.test(uid))
    throw invalidField(
      'uid',
      'invalid',
      'A branch is up to 64 small letters, digits, dots, dashes and underscores.',
    )
  return transact(ctx, async (unit) => {
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
    if (!(await insertContentBranch(unit.tx, row)))
      throw new DomainError('already_exists', { what: 'branch', id: uid })
    const types = await listContentTypeIds(unit.tx, from.id)
    const items = await listContentItemIds(unit.tx, from.id)
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
