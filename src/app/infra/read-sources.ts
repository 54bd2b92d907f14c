import type { Blueprint, ModuleIndex } from '#catalogue/infra/blueprint.ts'
import { TreeError, type FileTree } from '#catalogue/infra/file-tree.ts'
import { readBlueprint } from '#catalogue/infra/read-blueprint.ts'
import { readFolder } from '#catalogue/infra/read-folder.ts'
import { readGitTree } from '#catalogue/infra/read-git-tree.ts'
import { readModules } from '#catalogue/infra/read-modules.ts'
import { resolveHead } from '#catalogue/code/resolve-commit.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import type { Mirror } from '#ground/git/mirrors.ts'
import { findInfraSettings, type InfraSettingsRow } from '#store/infra-settings.ts'
import { findRepository, type RepositoryRow } from '#store/repository.ts'
import type { Context } from '../context.ts'
import { refreshMirror } from '../repositories/fetch-repository.ts'
import { patience, remoteOf, unreachable } from '../repositories/remote-of.ts'

/** What a project of infrastructure releases from, as it is now. */
export interface Sources {
  settings: InfraSettingsRow
  blueprint: Blueprint
  modules: ModuleIndex
  /** The blueprint's; null where it is a folder. */
  commit: string | null
}

/** Which blueprint. */
export interface SourceChoice {
  /** Null: the project's own. */
  branch?: string | null
  /** As a repository was fetched last, without asking it: for who only looks. */
  kept?: boolean
}

/**
 * Reads blueprint and modules: of a folder as it lies there, of a repository as it is after a fetch. Throws `invalid` where there is none or it cannot be read, `repository_unreachable`.
 */
export async function readSources(
  ctx: Context,
  project_id: string,
  { branch = null, kept = false }: SourceChoice = {},
): Promise<Sources> {
  const settings = await findInfraSettings(ctx.db, project_id)
  if (!settings) throw unsaid('blueprint')
  const mirrors = new Map<string, Promise<[RepositoryRow, Mirror]>>()
  const open = (id: string) => {
    const known = mirrors.get(id) ?? openMirror(ctx, id, kept)
    mirrors.set(id, known)
    return known
  }
  const [blueprint, modules] = await Promise.all([
    readSource(
      'blueprint',
      { ...sourceOf(settings, 'blueprint'), ...(branch === null ? {} : { branch }) },
      open,
    ),
    readSource('modules', sourceOf(settings, 'modules'), open),
  ])
  const { remote_sources } = settings
  return {
    settings,
    blueprint: readBlueprint(blueprint.tree),
    modules: await readModules(modules.tree, { remote_sources }),
    commit: blueprint.commit,
  }
}

type Field = 'blueprint' | 'modules'

interface Source {
  path: string | null
  repository_id: string | null
  branch: string | null
  folder: string
}

function sourceOf(settings: InfraSettingsRow, field: Field): Source {
  return {
    path: settings[`${field}_path`],
    repository_id: settings[`${field}_repository_id`],
    branch: settings[`${field}_branch`],
    folder: settings[`${field}_folder`],
  }
}

async function openMirror(ctx: Context, id: string, kept: boolean): Promise<[RepositoryRow, Mirror]> {
  const repository = await findRepository(ctx.db, id)
  if (!repository) throw new DomainError('not_found', { what: 'repository', id })
  if (!kept) return [repository, await refreshMirror(ctx, repository)]
  try {
    return [repository, await ctx.mirrors.open(remoteOf(ctx, repository), patience())]
  } catch (error) {
    throw unreachable(repository, error)
  }
}

async function readSource(
  field: Field,
  { path, repository_id, branch, folder }: Source,
  open: (id: string) => Promise<[RepositoryRow, Mirror]>,
): Promise<{ tree: FileTree; commit: string | null }> {
  try {
    if (path !== null) return { tree: await readFolder(path), commit: null }
    if (repository_id === null) throw unsaid(field)
    const [repository, mirror] = await open(repository_id)
    const head = await resolveHead(mirror, branch)
    if (!head)
      throw invalidField(
        field,
        'invalid',
        `cannot be read: ${repository.name} has no branch ${branch ?? 'yet'}`,
      )
    return { tree: await readGitTree(mirror, head.sha, folder), commit: head.sha }
  } catch (error) {
    if (error instanceof TreeError) throw invalidField(field, 'invalid', `cannot be read: ${error.message}`)
    throw error
  }
}

function unsaid(field: Field) {
  return invalidField(
    field,
    'required',
    `is missing: headgate.yaml says where a project's ${field} lie${field === 'modules' ? '' : 's'}`,
  )
}
