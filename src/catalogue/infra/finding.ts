import type { Finding, FindingCategory } from '#domain/blueprint.ts'

/** A finding of which only is said what is known; an error where nothing else is said. */
export function finding(
  category: FindingCategory,
  file: string,
  message: string,
  more: Partial<Pick<Finding, 'severity' | 'line' | 'path' | 'item_key'>> = {},
): Finding {
  const { severity = 'error', line = null, path = null, item_key = null } = more
  return { category, severity, file: shown(file), line, path, message: shown(message), item_key }
}

/** Names of files and what stands in them may be anything; what is kept of them is text. */
function shown(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD').slice(0, 2000)
}

/** The first few of a list, for a sentence. */
export function named(words: Iterable<string>, most = 8): string {
  const all = [...words]
  const rest = all.length - most
  return rest > 0 ? `${all.slice(0, most).join(', ')} and ${rest} more` : all.join(', ')
}
