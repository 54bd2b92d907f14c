import { may } from '#domain/principal.ts'
import { listProjects as rows, type ProjectRow } from '#store/project.ts'
import type { Context } from '../context.ts'

/** The projects that the caller may read, by key, after a key. */
export function listProjects(
  ctx: Context,
  { limit, after }: { limit: number; after?: string },
): Promise<ProjectRow[]> {
  const ids = readableProjects(ctx)
  if (ids && ids.length === 0) return Promise.resolve([])
  return rows(ctx.db, { limit, ...(after === undefined ? {} : { after }), ...(ids ? { ids } : {}) })
}

/** The ids of projects that the caller may read. Undefined: all. Otherwise those that a role or the token names, where both allow to read. */
export function readableProjects({ principal }: Context): string[] | undefined {
  if (principal === null) return undefined
  if (may(principal, 'project.read', {})) return undefined
  const named = principal.project_id ?? principal.grants.map((grant) => grant.project_id)
  return [...new Set([named].flat())].filter(
    (id): id is string => id !== null && may(principal, 'project.read', { project_id: id }),
  )
}
