import { DomainError, invalidField } from '#domain/errors.ts'
import { claimContentLocales, findLocaleUse, removeContentLocale } from '#store/content-locale.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'

/**
 * Throws `not_found`, `invalid` for the master, and `in_use` while another locale falls back to it or something is
 * written or live in it: what people wrote does not go with a setting.
 */
export async function removeLocale(
  ctx: Context,
  { project_id, code }: { project_id: string; code: string },
): Promise<void> {
  authorize(ctx, 'catalogue.edit', { project_id })
  return transact(ctx, async (unit) => {
    const locales = await claimContentLocales(unit.tx, project_id)
    const locale = locales.find((each) => each.code === code)
    if (!locale) throw new DomainError('not_found', { what: 'locale', id: code })
    if (locale.fallback_code === null)
      throw invalidField('code', 'immutable', 'The master locale cannot be removed.')
    const inUse = (by: string) => new DomainError('in_use', { what: 'locale', id: code, by })
    const dependent = locales.find((each) => each.fallback_code === code)
    if (dependent) throw inUse(`locale ${dependent.code}, which falls back to it`)
    const use = await findLocaleUse(unit.tx, { project_id, code })
    if (use) throw inUse(use === 'written' ? 'entries that are written in it' : 'items that are live in it')
    await removeContentLocale(unit.tx, locale.id)
    unit.record({ kind: 'locale.removed', project_id, data: { code } })
  })
}
