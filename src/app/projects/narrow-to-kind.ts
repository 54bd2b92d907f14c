import { listProjectsById, type ProjectRow } from '#store/project.ts'
import type { Context } from '../context.ts'
import { memoryOf } from '../memory.ts'

/** Of these rows those whose project is of a kind, which is remembered. The caller was authorised for each. */
export async function narrowToKind<Row extends { project_id: string }>(
  ctx: Context,
  kind: ProjectRow['kind'],
  rows: readonly Row[],
): Promise<Row[]> {
  const keys = rows.map(({ project_id }) => keyOf(project_id))
  const kinds = await memoryOf(ctx).recallAll<string>(keys, ctx.now().getTime(), async (missing) => {
    const projects = await listProjectsById(ctx.db, missing.map(idIn))
    return new Map(projects.map((project) => [keyOf(project.id), project.kind]))
  })
  return rows.filter(({ project_id }) => kinds.get(keyOf(project_id)) === kind)
}

const prefix = 'project kind '
const keyOf = (id: string) => `${prefix}${id}`
const idIn = (key: string) => key.slice(prefix.length)
