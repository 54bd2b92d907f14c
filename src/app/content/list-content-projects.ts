import { listMasterLocales } from '#store/content-locale.ts'
import { countProjects, listProjectsByPlace, type ProjectRow } from '#store/project.ts'
import type { Context } from '../context.ts'
import { readableProjects } from '../projects/list-projects.ts'

export type ContentProject = ProjectRow & { master_locale: string }

/** The projects of content that the caller may read, by key, a page by position, with how many there are. */
export async function listContentProjects(
  ctx: Context,
  page: { limit: number; offset: number },
): Promise<{ projects: ContentProject[]; total: number }> {
  const ids = readableProjects(ctx)
  if (ids?.length === 0) return { projects: [], total: 0 }
  const which = { kind: 'content' as const, ...(ids ? { ids } : {}) }
  const [rows, total] = await Promise.all([
    listProjectsByPlace(ctx.db, which, page),
    countProjects(ctx.db, which),
  ])
  const masters = await listMasterLocales(
    ctx.db,
    rows.map(({ id }) => id),
  )
  return { projects: rows.map((row) => ({ ...row, master_locale: masters.get(row.id) ?? '' })), total }
}
