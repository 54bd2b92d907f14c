import { isAbsolute, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { DomainError, invalidField, type FieldFault } from '#domain/errors.ts'
import {
  insertInfraSettings,
  lockInfraSettings,
  updateInfraSettings,
  type InfraSettingsRow,
} from '#store/infra-settings.ts'
import { authorize } from '../authorize.ts'
import type { Context, Unit } from '../context.ts'
import { declareRepositoryIn } from '../repositories/declare-repository.ts'
import { isBranchName } from '../repositories/head-of.ts'

/** A folder on this machine; or a repository, its branch (null: its default), and where in it. */
export type DeclaredSource =
  | { path: string }
  | { url: string; name?: string; branch?: string | null; folder?: string; credential?: string }

/** How a project of infrastructure releases. What is left out stays as it is. */
export interface DeclaredInfra {
  project_id: string
  project_key: string
  /** What paths are relative to. */
  folder: string
  blueprint?: DeclaredSource
  modules?: DeclaredSource
  pre_release_hook?: boolean
  remote_sources?: boolean
}

type Columns = Partial<Omit<InfraSettingsRow, 'project_id' | 'version' | 'updated_at'>>

/**
 * Makes the settings of a project of infrastructure what is declared, in the caller's transaction. Answers a line for
 * what differed; nothing when nothing did. Throws `invalid` with every fault.
 */
export async function declareInfraIn(ctx: Context, unit: Unit, declared: DeclaredInfra): Promise<string[]> {
  const { project_id, pre_release_hook, remote_sources } = declared
  authorize(ctx, 'project.admin', { project_id })
  const faults = [...sourceFaults('blueprint', declared), ...sourceFaults('modules', declared)]
  if (faults.length > 0) throw new DomainError('invalid', { faults })
  const before = await lockInfraSettings(unit.tx, project_id)
  const lines: string[] = []
  const wanted: Columns = {
    ...(await columnsOf(ctx, unit, 'blueprint', declared, lines)),
    ...(await columnsOf(ctx, unit, 'modules', declared, lines)),
    ...(pre_release_hook === undefined ? {} : { pre_release_hook }),
    ...(remote_sources === undefined ? {} : { remote_sources }),
  }
  const changed = Object.entries(wanted).filter(
    ([column, value]) => !before || !isDeepStrictEqual(before[column as keyof InfraSettingsRow], value),
  )
  if (before && changed.length === 0) return lines
  const values = { project_id, ...Object.fromEntries(changed), updated_at: ctx.now() }
  if (before) await updateInfraSettings(unit.tx, values)
  else await insertInfraSettings(unit.tx, values)
  const told = [...new Set(changed.map(([column]) => column.split('_')[0]!))]
  unit.record({ kind: 'project.updated', project_id, data: { infra: changed.map(([column]) => column) } })
  if (!before && changed.length === 0) return lines
  return [...lines, `infra ${told.join(', ')}`]
}

function sourceFaults(field: 'blueprint' | 'modules', declared: DeclaredInfra): FieldFault[] {
  const source = declared[field]
  if (!source || 'path' in source) return []
  const faults: FieldFault[] = []
  const wrong = (key: string, detail: string) =>
    faults.push({ field: `${field}.${key}`, fault: 'invalid', detail })
  const { branch, folder = '' } = source
  if (branch !== undefined && branch !== null && !isBranchName(branch))
    wrong('branch', 'is no name that git has for a branch')
  if (isAbsolute(folder) || folder.split('/').includes('..'))
    wrong(
      'folder',
      'must be a folder inside the repository: without .. and not from the root of this machine',
    )
  return faults
}

/** The columns of a source; a repository is made, or brought up to what is said of it. */
async function columnsOf(
  ctx: Context,
  unit: Unit,
  field: 'blueprint' | 'modules',
  declared: DeclaredInfra,
  lines: string[],
): Promise<Columns> {
  const source = declared[field]
  if (!source) return {}
  const column = <K extends string>(name: K) => `${field}_${name}` as const
  if ('path' in source)
    return {
      [column('path')]: resolve(declared.folder, source.path),
      ...{ [column('repository_id')]: null, [column('branch')]: null, [column('folder')]: '' },
    }
  const { url, credential, branch = null, folder = '' } = source
  const other = declared[field === 'blueprint' ? 'modules' : 'blueprint']
  const shared = other !== undefined && 'url' in other && other.url === url
  const name = source.name ?? `${declared.project_key}/${shared ? 'blueprint' : field}`
  const access = { name, url, ...(credential === undefined ? {} : { credential }) }
  const made = await declareRepositoryIn(ctx, unit, access, declared.project_id).catch((error: unknown) => {
    throw renamed(error, field)
  })
  lines.push(...made.lines)
  return {
    [column('path')]: null,
    [column('repository_id')]: made.id,
    ...{ [column('branch')]: branch, [column('folder')]: plain(folder) },
  }
}

/** `./a//b/` is `a/b`. */
function plain(folder: string): string {
  return folder
    .split('/')
    .filter((step) => step !== '' && step !== '.')
    .join('/')
}

/** What is wrong with a repository stands here under another name. */
function renamed(error: unknown, field: string): unknown {
  if (!(error instanceof DomainError) || error.code !== 'invalid') return error
  const [first] = (error as DomainError<'invalid'>).details.faults
  return invalidField((first?.field ?? '').replace('repository', field), 'invalid', first?.detail ?? '')
}
