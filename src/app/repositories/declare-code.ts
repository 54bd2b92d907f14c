import { isDeepStrictEqual } from 'node:util'
import { DomainError, invalidField } from '#domain/errors.ts'
import {
  insertCodeSettings,
  lockCodeSettings,
  updateCodeSettings,
  type CodeSettingsRow,
} from '#store/code-settings.ts'
import { authorize } from '../authorize.ts'
import { deploysSo, settingsOf, type Deploy } from '../configuration/deploy-settings.ts'
import type { Context, Unit } from '../context.ts'
import { codeFaults } from './code-faults.ts'
import { declareRepositoryIn, type DeclaredRepository } from './declare-repository.ts'

/** How a project of code releases. What is left out stays as it is. */
export interface DeclaredCode {
  project_id: string
  /** Of the project. */
  environments: readonly { id: string; name: string }[]
  repository?: DeclaredRepository & { branch?: string | null }
  paths?: string[]
  tag_patterns?: string[]
  versions?: 'calver' | 'semver'
  time_zone?: string
  /** Null: not by itself, nowhere by itself. `deploy_to` names an environment. */
  cut?: { cron?: string | null; time_zone?: string; deploy_to?: string | null }
  build?: Deploy
  push?: boolean
  branch_prefix: string
  author_name: string
  author_email: string
}

/**
 * Makes the settings of a project of code what is declared, in the caller's transaction. Answers a line for what
 * differed; nothing when nothing did. Throws `invalid` with every fault.
 */
export async function declareCodeIn(ctx: Context, unit: Unit, declared: DeclaredCode): Promise<string[]> {
  const { project_id, repository } = declared
  authorize(ctx, 'project.admin', { project_id })
  const faults = await codeFaults(declared, ctx.now())
  if (faults.length > 0) throw new DomainError('invalid', { faults })
  const before = await lockCodeSettings(unit.tx, project_id)
  if (!before && !repository)
    throw invalidField(
      'repository',
      'required',
      'is missing: headgate.yaml says what a project of code releases from',
    )
  if (before && repository && before.repository_name.toLowerCase() !== repository.name.toLowerCase())
    throw invalidField(
      'repository.name',
      'immutable',
      `is ${before.repository_name} since the project was made`,
    )
  const made = repository && (await declareRepositoryIn(ctx, unit, repository, project_id))
  const wanted = await settingsWanted(ctx, declared, before)
  const changed = Object.keys(wanted).filter(
    (column) => !before || !isDeepStrictEqual(before[column as keyof CodeSettingsRow], wanted[column]),
  )
  const lines = [...(made?.lines ?? [])]
  if (before && changed.length === 0) return lines
  const values = {
    project_id,
    ...Object.fromEntries(changed.map((column) => [column, stored(wanted[column])])),
  }
  const updated_at = ctx.now()
  if (before) await updateCodeSettings(unit.tx, { ...values, updated_at })
  else {
    const { branch_prefix, author_name, author_email } = declared
    const own = { branch_prefix, author_name, author_email, repository_id: made!.id }
    await insertCodeSettings(unit.tx, { ...values, ...own, updated_at })
  }
  // The time of the next cut follows from what is said.
  const told = changed.filter((column) => !consequences.includes(column))
  unit.record({ kind: 'project.updated', project_id, data: { code: told } })
  return [...lines, before ? `code ${told.join(', ') || 'build'}` : `+ code of ${repository!.name}`]
}

const consequences = ['next_cut_at', 'cut_tries', 'cut_again_at', 'build_settings']

/** The columns that are said, as the store gives them. */
async function settingsWanted(
  ctx: Context,
  { project_id, environments, repository, cut, build, ...declared }: DeclaredCode,
  before: CodeSettingsRow | undefined,
): Promise<Record<string, unknown>> {
  const { paths, tag_patterns, versions, push, branch_prefix, author_name, author_email } = declared
  const time_zone = declared.time_zone ?? cut?.time_zone
  const said = {
    ...{ branch: repository?.branch, paths, tag_patterns, versions, push, time_zone },
    ...{ branch_prefix, author_name, author_email },
    cut_cron: cut?.cron,
    deploy_to: cut?.deploy_to && environmentNamed(environments, cut.deploy_to),
    ...(cut?.deploy_to === null ? { deploy_to: null } : {}),
    ...buildWanted(ctx, project_id, build, before),
    ...(await nextCutAt(ctx, { cut_cron: cut?.cron, time_zone }, before)),
  }
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
}

function environmentNamed(environments: DeclaredCode['environments'], name: string): string {
  const found = environments.find((one) => one.name === name)
  if (!found) throw invalidField('cut.deploy_to', 'unknown', `'${name}' is no environment of this project`)
  return found.id
}

function buildWanted(
  ctx: Context,
  id: string,
  build: Deploy | undefined,
  before: CodeSettingsRow | undefined,
) {
  if (!build) return {}
  const known = before && { id, executor: before.build_executor, executor_settings: before.build_settings }
  if (known && deploysSo(ctx.vault, known, build)) return {}
  return { build_executor: build.executor, build_settings: settingsOf(ctx.vault, id, build) }
}

/** When it is cut next, from the beginning; nothing where that stays as it is. */
async function nextCutAt(
  ctx: Context,
  said: { cut_cron: string | null | undefined; time_zone: string | undefined },
  before: CodeSettingsRow | undefined,
): Promise<Pick<Partial<CodeSettingsRow>, 'next_cut_at' | 'cut_tries' | 'cut_again_at'>> {
  const { cut_cron = before?.cut_cron ?? null, time_zone = before?.time_zone ?? 'UTC' } = said
  if (before && cut_cron === before.cut_cron && time_zone === before.time_zone) return {}
  const afresh = { cut_tries: 0, cut_again_at: null }
  if (cut_cron === null) return { ...afresh, next_cut_at: null }
  const { nextCut } = await import('#domain/cut-time.ts')
  return { ...afresh, next_cut_at: nextCut(cut_cron, time_zone, ctx.now()) }
}

/** Objects lie in the store as text; lists and times as what they are. */
function stored(value: unknown): unknown {
  const plain = value === null || typeof value !== 'object' || Array.isArray(value) || value instanceof Date
  return plain ? value : JSON.stringify(value)
}
