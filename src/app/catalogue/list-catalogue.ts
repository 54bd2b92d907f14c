import { listCatalogue as listContent, type CatalogueItem } from '#catalogue/content/list-catalogue.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import { listLiveByKeys } from '#store/live.ts'
import { findProject } from '#store/project.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { readableEnvironments } from '../releases/read-place.ts'

/** Something that can be released, with where it is live. */
export interface ReleasableItem extends CatalogueItem {
  live: { environment_name: string; version: string | null; uncertain: boolean }[]
}

export interface CatalogueSearch {
  project_id: string
  /** Of the catalogue, where it has branches: main when left out. */
  branch?: string | undefined
  kind?: string | undefined
  locale?: string | undefined
  q?: string | undefined
  limit: number
  after?: string | undefined
}

/** What of a project can be released, by key, after a key. Throws `not_found`, and `invalid` for a kind without a catalogue. */
export async function listCatalogue(
  ctx: Context,
  { project_id, branch = 'main', ...search }: CatalogueSearch,
): Promise<ReleasableItem[]> {
  authorize(ctx, 'catalogue.read', { project_id, branch })
  const project = await findProject(ctx.db, project_id)
  if (!project) throw new DomainError('not_found', { what: 'project', id: project_id })
  if (project.kind !== 'content')
    throw invalidField('project', 'invalid', `of kind ${project.kind} has no catalogue to browse yet`)
  const items = await listContent(ctx.db, { project_id, branch, ...search })
  const environments = await readableEnvironments(ctx, project_id)
  const names = new Map(environments.map(({ id, name }) => [id, name]))
  const keys = items.map(({ key }) => key)
  const live = await listLiveByKeys(ctx.db, [...names.keys()], keys)
  return items.map((item) => ({
    ...item,
    live: live
      .filter(({ item_key }) => item_key === item.key)
      .map(({ environment_id, version, uncertain }) => ({
        environment_name: names.get(environment_id) ?? '',
        version,
        uncertain,
      })),
  }))
}
