import { DomainError } from '#domain/errors.ts'
import { findContentBranch, listContentBranches, type ContentBranchRow } from '#store/content-branch.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'

export type BranchView = Omit<ContentBranchRow, 'project_id'>

export function viewBranch({ project_id: _, ...row }: ContentBranchRow): BranchView {
  return row
}

/** Throws `not_found`. */
export async function getBranch(
  ctx: Context,
  { project_id, uid }: { project_id: string; uid: string },
): Promise<BranchView> {
  authorize(ctx, 'catalogue.read', { project_id, branch: uid })
  const row = await findContentBranch(ctx.db, { project_id, uid })
  if (!row) throw new DomainError('not_found', { what: 'branch', id: uid })
  return viewBranch(row)
}

/** In the order in which they were made; those that the caller may read. */
export async function listBranches(
  ctx: Context,
  { project_id }: { project_id: string },
): Promise<BranchView[]> {
  authorize(ctx, 'catalogue.read', { project_id })
  const readable = ctx.principal?.branches
  const rows = await listContentBranches(ctx.db, project_id)
  return rows.filter(({ uid }) => !readable || readable.includes(uid)).map(viewBranch)
}
