import { localeName, localeShape, masterOf } from '#catalogue/content/locales.ts'
import { invalidField } from '#domain/errors.ts'
import { insertContentBranch } from '#store/content-branch.ts'
import { claimContentLocales, insertContentLocale, type ContentLocaleRow } from '#store/content-locale.ts'
import { authorize } from '../authorize.ts'
import { authorIn, type Context, type Unit } from '../context.ts'
import { createLocaleIn } from './create-locale.ts'
import { updateLocaleIn } from './update-locale.ts'

export const mainBranch = 'main'

export interface ContentBase {
  project_id: string
  master_locale: string
  master_name?: string
}

/** What every content project has from the start: branch `main` and a master locale. For a project that has neither. */
export async function createContentBase(ctx: Context, unit: Unit, input: ContentBase): Promise<void> {
  const { project_id, master_locale: code, master_name: name = localeName(code) } = input
  authorize(ctx, 'catalogue.edit', { project_id })
  if (!localeShape.test(code))
    throw invalidField('master_locale', 'invalid', 'A locale is written in lower case, as in en-us.')
  const by = authorIn(ctx)
  const at = ctx.now()
  await insertContentBranch(unit.tx, {
    id: ctx.newId(),
    project_id,
    uid: mainBranch,
    source: null,
    created_by: by,
    created_at: at,
  })
  const authors = { created_by: by, updated_by: by, created_at: at, updated_at: at }
  await insertContentLocale(unit.tx, {
    id: ctx.newId(),
    project_id,
    code,
    name,
    fallback_code: null,
    ...authors,
  })
  unit.record({ kind: 'branch.created', project_id, data: { uid: mainBranch } })
  unit.record({ kind: 'locale.created', project_id, data: { code, name, master: true } })
}

export interface DeclaredBase extends ContentBase {
  /** A fallback that is left out is the master. */
  locales: readonly { code: string; name?: string; fallback?: string }[]
}

/**
 * Makes a project's locales what is declared; what is not named stays. Answers what it did, a line each. Throws
 * `invalid` where another master is declared than the project has: versions are written in it.
 */
export async function applyContentBase(ctx: Context, unit: Unit, declared: DeclaredBase): Promise<string[]> {
  const { project_id, master_locale } = declared
  const lines: string[] = []
  if ((await claimContentLocales(unit.tx, project_id)).length === 0) {
    await createContentBase(ctx, unit, declared)
    lines.push(`+ master locale ${master_locale}`)
  }
  const before = await claimContentLocales(unit.tx, project_id)
  if (masterOf(before) !== master_locale)
    throw invalidField('master_locale', 'immutable', `The master locale is ${masterOf(before)} and stays so.`)
  for (const locale of declared.locales) {
    const line = await applyLocale(ctx, unit, { project_id, ...locale }, before)
    if (line) lines.push(line)
  }
  return lines
}

async function applyLocale(
  ctx: Context,
  unit: Unit,
  declared: { project_id: string; code: string; name?: string; fallback?: string },
  before: readonly ContentLocaleRow[],
): Promise<string | undefined> {
  const { code, name, fallback } = declared
  const found = before.find((each) => each.code === code)
  if (!found) {
    await createLocaleIn(ctx, unit, declared)
    return `+ locale ${code}`
  }
  const renamed = name !== undefined && name !== found.name
  const moved = fallback !== undefined && fallback !== found.fallback_code
  if (!renamed && !moved) return undefined
  await updateLocaleIn(ctx, unit, declared)
  return `~ locale ${code}`
}
