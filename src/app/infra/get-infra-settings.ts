import { DomainError } from '#domain/errors.ts'
import { listEnvironments } from '#store/environment.ts'
import { listInfraEnvironments, type InfraEnvironmentRow } from '#store/infra-environment.ts'
import { findInfraSettings, type InfraSettingsRow } from '#store/infra-settings.ts'
import { findRepository } from '#store/repository.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'

/** Where a project's files come from, as anybody may see it. */
export interface SourceView {
  path: string | null
  repository: string | null
  url: string | null
  branch: string | null
  folder: string
}

export interface InfraSettingsView extends Pick<
  InfraSettingsRow,
  'project_id' | 'remote_sources' | 'pre_release_hook' | 'version' | 'updated_at'
> {
  blueprint: SourceView
  modules: SourceView
  environments: (InfraEnvironmentRow & { name: string })[]
}

/** How a project of infrastructure releases. Only headgate.yaml says it. Throws `not_found` where nothing was said yet. */
export async function getInfraSettings(
  ctx: Context,
  { project_id }: { project_id: string },
): Promise<InfraSettingsView> {
  authorize(ctx, 'project.read', { project_id })
  const row = await findInfraSettings(ctx.db, project_id)
  if (!row) throw new DomainError('not_found', { what: 'blueprint', id: 'of the project' })
  const environments = await listEnvironments(ctx.db, project_id)
  const names = new Map(environments.map(({ id, name }) => [id, name]))
  const known = await listInfraEnvironments(ctx.db, [...names.keys()])
  const { remote_sources, pre_release_hook, version, updated_at } = row
  return {
    ...{ project_id, remote_sources, pre_release_hook, version, updated_at },
    blueprint: await viewSource(ctx, row, 'blueprint'),
    modules: await viewSource(ctx, row, 'modules'),
    environments: known.map((one) => ({ ...one, name: names.get(one.environment_id) ?? '' })),
  }
}

async function viewSource(
  { db }: Context,
  row: InfraSettingsRow,
  field: 'blueprint' | 'modules',
): Promise<SourceView> {
  const id = row[`${field}_repository_id`]
  const repository = id === null ? undefined : await findRepository(db, id)
  return {
    path: row[`${field}_path`],
    ...{ repository: repository?.name ?? null, url: repository?.url ?? null },
    ...{ branch: row[`${field}_branch`], folder: row[`${field}_folder`] },
  }
}
