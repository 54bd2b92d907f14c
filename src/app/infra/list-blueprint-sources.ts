import { listInfraSettings as rows, type InfraSettingsRow } from '#store/infra-settings.ts'
import { listRepositoriesById } from '#store/repository.ts'
import { allows } from '../authorize.ts'
import type { Context } from '../context.ts'
import type { SourceView } from './get-infra-settings.ts'

/**
 * Where the blueprints of these projects come from, by project; those that the caller may not read, or for which nothing
 * was said yet, are left out. Two statements, however many.
 */
export async function listBlueprintSources(
  ctx: Context,
  project_ids: readonly string[],
): Promise<Map<string, SourceView>> {
  const seen = project_ids.filter((project_id) => allows(ctx, 'project.read', { project_id }))
  const found = seen.length === 0 ? [] : await rows(ctx.db, seen)
  const ids = found.flatMap(({ blueprint_repository_id }) => blueprint_repository_id ?? [])
  const repositories = ids.length === 0 ? [] : await listRepositoriesById(ctx.db, ids)
  const byId = new Map(repositories.map((one) => [one.id, one]))
  return new Map(
    found.map((row) => [row.project_id, sourceOf(row, byId.get(row.blueprint_repository_id ?? ''))]),
  )
}

function sourceOf(row: InfraSettingsRow, repository: { name: string; url: string } | undefined): SourceView {
  return {
    path: row.blueprint_path,
    repository: repository?.name ?? null,
    url: repository?.url ?? null,
    branch: row.blueprint_branch,
    folder: row.blueprint_folder,
  }
}
