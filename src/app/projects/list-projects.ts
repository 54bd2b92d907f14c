import { listProjects as rows, type ProjectRow } from '#store/project.ts'
import type { Context } from '../context.ts'

/** The projects that the caller may read, by key, after a key. */
export function listProjects(
  ctx: Context,
  { limit, after }: { limit: number; after?: string },
): Promise<ProjectRow[]> {
  const ids = readable(ctx)
  if (ids && ids.length === 0) return Promise.resolve([])
  return rows(ctx.db, { limit, ...(after === undefined ? {} : { after }), ...(ids ? { ids } : {}) })
}

/** Undefined: all. Any role may read what it is granted on. */
function readable({ principal }: Context): string[] | undefined {
  if (principal === null) return undefined
  if (principal.project_id) return [principal.project_id]
  if (principal.grants.some((grant) => grant.project_id === null)) return undefined
  return principal.grants.flatMap((grant) => grant.project_id ?? [])
}
