import { wouldCircle } from '#catalogue/content/locales.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import { claimContentLocales, updateContentLocale, type ContentLocaleRow } from '#store/content-locale.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, type Context, type Unit } from '../context.ts'
import { refuseName, viewLocale, type LocaleView } from './get-locale.ts'

export interface LocaleChange {
  project_id: string
  code: string
  name?: string
  fallback?: string
}

/** Throws `not_found`, `invalid` (`name`, `fallback`: unknown, a circle, or one for the master). */
export async function updateLocale(ctx: Context, input: LocaleChange): Promise<LocaleView> {
  return transact(ctx, (unit) => updateLocaleIn(ctx, unit, input))
}

export async function updateLocaleIn(ctx: Context, unit: Unit, input: LocaleChange): Promise<LocaleView> {
  const { project_id, code, name, fallback } = input
  authorize(ctx, 'catalogue.edit', { project_id })
  if (name !== undefined) refuseName(name)
  const locales = await claimContentLocales(unit.tx, project_id)
  const locale = locales.find((each) => each.code === code)
  if (!locale) throw new DomainError('not_found', { what: 'locale', id: code })
  if (fallback !== undefined) refuseFallback(locales, locale, fallback)
  const row = await updateContentLocale(unit.tx, locale.id, {
    ...(name === undefined ? {} : { name }),
    ...(fallback === undefined ? {} : { fallback_code: fallback }),
    updated_by: authorIn(ctx),
    updated_at: ctx.now(),
  })
  unit.record({
    kind: 'locale.updated',
    project_id,
    data: { code, name: row.name, fallback: row.fallback_code },
  })
  return viewLocale(row)
}

function refuseFallback(
  locales: readonly ContentLocaleRow[],
  locale: ContentLocaleRow,
  fallback: string,
): void {
  if (locale.fallback_code === fallback) return
  if (locale.fallback_code === null)
    throw invalidField('fallback', 'immutable', 'The master locale falls back to nothing.')
  if (!locales.some((each) => each.code === fallback))
    throw invalidField('fallback', 'invalid', `There is no locale ${fallback} to fall back to.`)
  if (wouldCircle(locales, locale.code, fallback))
    throw invalidField('fallback', 'invalid', `${fallback} falls back to ${locale.code} already.`)
}
