import type { Files } from './export-folder.ts'

/** Of an export, what two projects with the same content say alike: ids and addresses of their own left out. */
export function comparable(files: Files): unknown {
  const own = new Set(['time', 'url', 'created_at', 'updated_at', 'created_by', 'updated_by'])
  const refs = new Map<unknown, string>()
  for (const { uid, name } of Object.values(
    files['environments/environments.json'] as Record<string, { uid: string; name: string }>,
  ))
    refs.set(uid, name)
  const locales = ['locales/locales.json', 'locales/master-locale.json']
  const plain = Object.fromEntries(
    Object.entries(files).map(([name, json]) => [
      name,
      locales.includes(name) ? Object.values(json as object).map(({ uid: _, ...one }) => one) : json,
    ]),
  )
  const clean = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(clean)
    if (typeof value !== 'object' || value === null) return refs.get(value) ?? value
    const kept = Object.entries(value).filter(([key]) => !own.has(key))
    return Object.fromEntries(kept.map(([key, one]) => [refs.get(key) ?? key, clean(one)]))
  }
  return clean(plain)
}
