import type { EachPage } from '#store/page-each.ts'
import { listProjectsById as byId, pageProjects as page, type ProjectRow } from '#store/project.ts'
import { allows } from '../authorize.ts'
import type { Context } from '../context.ts'
import { readableProjects } from './list-projects.ts'

export type ProjectView = ProjectRow

/** A page of the projects of a kind that the caller may read, by key. */
export async function pageProjects(
  ctx: Context,
  { kind, ...within }: { kind: ProjectRow['kind'] } & EachPage<string>,
): Promise<ProjectRow[]> {
  const ids = readableProjects(ctx)
  if (ids?.length === 0) return []
  const rows = await page(ctx.db, { kind, ...(ids ? { ids } : {}) }, within)
  return within.backwards ? rows.toReversed() : rows
}

/** Those of these projects that the caller may read, in no order. */
export async function listProjectsById(ctx: Context, ids: readonly string[]): Promise<ProjectRow[]> {
  const readable = ids.filter((project_id) => allows(ctx, 'project.read', { project_id }))
  return readable.length === 0 ? [] : byId(ctx.db, readable)
}
