import { DomainError } from '#domain/errors.ts'
import { listContentBranchAliases, type ContentBranchAliasRow } from '#store/content-branch-alias.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'

/** An alias, with the uid of the branch that it means. */
export type AliasView = ContentBranchAliasRow & { branch: string }

/** By name; those that mean a branch which the caller may read. */
export async function listBranchAliases(
  ctx: Context,
  { project_id }: { project_id: string },
): Promise<AliasView[]> {
  authorize(ctx, 'catalogue.read', { project_id })
  const readable = ctx.principal?.branches
  const rows = await listContentBranchAliases(ctx.db, project_id)
  return rows.filter(({ branch }) => !readable || readable.includes(branch))
}

/** Throws `not_found`. */
export async function getBranchAlias(
  ctx: Context,
  { project_id, uid }: { project_id: string; uid: string },
): Promise<AliasView> {
  const found = (await listBranchAliases(ctx, { project_id })).find((alias) => alias.uid === uid)
  if (!found) throw new DomainError('not_found', { what: 'branch alias', id: uid })
  return found
}
