import { findEnvironmentsById, pageEnvironments as page, type EnvironmentRow } from '#store/environment.ts'
import type { EachPage } from '#store/page-each.ts'
import { allows } from '../authorize.ts'
import type { Context } from '../context.ts'

export type EnvironmentView = EnvironmentRow

/** A page of the environments of each of these projects that the caller may see, in pipeline order. */
export async function pageEnvironments(
  ctx: Context,
  { project_ids, ...within }: { project_ids: readonly string[] } & EachPage<string>,
): Promise<EnvironmentRow[]> {
  const readable = project_ids.filter((project_id) => allows(ctx, 'project.read', { project_id }))
  if (readable.length === 0) return []
  const { environment_ids } = ctx.principal ?? {}
  return page(ctx.db, { project_ids: readable, ...(environment_ids && { environment_ids }) }, within)
}

/** Those of these environments that the caller may see, in no order. */
export async function listEnvironmentsById(ctx: Context, ids: readonly string[]): Promise<EnvironmentRow[]> {
  const rows = await findEnvironmentsById(ctx.db, ids)
  return rows.filter(({ id, project_id }) => allows(ctx, 'project.read', { project_id, environment_id: id }))
}

/** Where a place in the pipeline is, for a page that goes on there. */
export function placeOfEnvironment({ position, id }: Pick<EnvironmentRow, 'position' | 'id'>): string {
  return `${String(position).padStart(10, '0')} ${id}`
}
