import { localeName, localeShape, masterOf } from '#catalogue/content/locales.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import { claimContentLocales, insertContentLocale } from '#store/content-locale.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, type Context, type Unit } from '../context.ts'
import { refuseName, viewLocale, type LocaleView } from './get-locale.ts'

export interface NewLocale {
  project_id: string
  code: string
  /** In English, from the code, when left out. */
  name?: string
  /** The master when left out. */
  fallback?: string
}

/** Throws `already_exists`, `invalid` (`code`, `name`, `fallback`). */
export async function createLocale(ctx: Context, input: NewLocale): Promise<LocaleView> {
  return transact(ctx, (unit) => createLocaleIn(ctx, unit, input))
}

export async function createLocaleIn(ctx: Context, unit: Unit, input: NewLocale): Promise<LocaleView> {
  const { project_id, code, name = localeName(code) } = input
  authorize(ctx, 'catalogue.edit', { project_id })
  if (!localeShape.test(code) || code.length > 32)
    throw invalidField('code', 'invalid', 'A locale is written in lower case, as in fr-fr.')
  refuseName(name)
  const locales = await claimContentLocales(unit.tx, project_id)
  const fallback = input.fallback ?? masterOf(locales)
  if (fallback === undefined || !locales.some((each) => each.code === fallback))
    throw invalidField('fallback', 'invalid', `There is no locale ${fallback} to fall back to.`)
  const by = authorIn(ctx)
  const at = ctx.now()
  const authors = { created_by: by, updated_by: by, created_at: at, updated_at: at }
  const row = { id: ctx.newId(), project_id, code, name, fallback_code: fallback, ...authors }
  if (!(await insertContentLocale(unit.tx, row)))
    throw new DomainError('already_exists', { what: 'locale', id: code })
  unit.record({ kind: 'locale.created', project_id, data: { code, name, fallback } })
  return viewLocale(row)
}
