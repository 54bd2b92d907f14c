/** A locale as far as falling back goes: the master falls back to nothing. */
export interface LocaleLink {
  code: string
  fallback_code: string | null
}

/** Lower case, as in `fr-fr` or `zh-hant-tw`. */
export const localeShape = /^[a-z]{2,8}(-[a-z0-9]{1,12}){0,3}$/

export function masterOf(locales: readonly LocaleLink[]): string | undefined {
  return locales.find(({ fallback_code }) => fallback_code === null)?.code
}

/** A locale and all that it falls back to, nearest first; empty when there is no such locale. */
export function chainOf(locales: readonly LocaleLink[], code: string): string[] {
  const fallbacks = new Map(locales.map((each) => [each.code, each.fallback_code]))
  const chain: string[] = []
  let at: string | null | undefined = code
  while (at && fallbacks.has(at) && !chain.includes(at)) {
    chain.push(at)
    at = fallbacks.get(at)
  }
  return chain
}

/** Whether `code` would come back to itself if it fell back to `fallback`. */
export function wouldCircle(locales: readonly LocaleLink[], code: string, fallback: string): boolean {
  return chainOf(locales, fallback).includes(code)
}

const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })

/** `French (France)` for `fr-fr`; the code itself where it means nothing. */
export function localeName(code: string): string {
  try {
    return names.of(code) ?? code
  } catch {
    return code
  }
}
