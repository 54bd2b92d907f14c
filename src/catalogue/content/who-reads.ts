import { chainOf, type LocaleLink } from './locales.ts'

/** A version and the locale that it is written in. */
export interface Written {
  version: number
  source_locale: string
}

/** What readers are served: a version, and the locale under which it is live. */
export interface Served extends Written {
  locale: string
}

export interface Reading {
  locale: string
  /** The locale itself is not changed: it falls back to one that is. */
  by_fallback: boolean
  before: Served | null
  after: Served | null
}

/**
 * Whose readers see a change of one item: those of the locales that are changed, and those of locales which fall back
 * to one of them and get something else by that. `live` is what is live of the item by locale, `changed` what is live
 * before and after in each locale that is changed; null: nothing.
 */
export function whoReads(
  locales: readonly LocaleLink[],
  live: ReadonlyMap<string, Written>,
  changed: ReadonlyMap<string, { before: Written | null; after: Written | null }>,
): Reading[] {
  const [before, after] = [new Map(live), new Map(live)]
  for (const [locale, change] of changed) {
    put(before, locale, change.before)
    put(after, locale, change.after)
  }
  const known = locales.map(({ code }) => code)
  const gone = [...changed.keys()].filter((code) => !known.includes(code))
  return [...known, ...gone].flatMap((locale) => {
    const chain = known.includes(locale) ? chainOf(locales, locale) : [locale]
    if (!chain.some((code) => changed.has(code))) return []
    const by_fallback = !changed.has(locale)
    const reading = { locale, by_fallback, before: nearest(chain, before), after: nearest(chain, after) }
    return by_fallback && isSame(reading.before, reading.after) ? [] : [reading]
  })
}

function put(at: Map<string, Written>, locale: string, written: Written | null): void {
  if (written) at.set(locale, written)
  else at.delete(locale)
}

function nearest(chain: readonly string[], live: ReadonlyMap<string, Written>): Served | null {
  for (const locale of chain) {
    const written = live.get(locale)
    if (written) return { ...written, locale }
  }
  return null
}

/** Whether it says the same, wherever it is live. */
export function isSame(a: Written | null, b: Written | null): boolean {
  return a?.version === b?.version && a?.source_locale === b?.source_locale
}
