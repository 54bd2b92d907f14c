import { readContentKey, readContentVersion } from '#domain/content-key.ts'
import { listVersionSteps, type VersionStep } from '#store/content-catalogue.ts'
import type { Db } from '#store/database.ts'

export type Step = Omit<VersionStep, 'n' | 'version'> & { version: string }

/**
 * For each change the versions that it would bring, latest first and at most 20: those after the one that is live, or
 * only the one that it goes back to. None for what goes.
 */
export async function listSteps(
  db: Db,
  projectId: string,
  changes: readonly { key: string; from: string | null; to: string | null }[],
): Promise<Step[][]> {
  const asked = changes.flatMap(({ key, from, to }, n) => {
    const parts = readContentKey(key)
    const end = parts && to !== null ? readContentVersion(to, parts.locale) : undefined
    if (!parts || !end) return []
    const begin = from === null ? undefined : readContentVersion(from, parts.locale)
    const comparable = begin?.source_locale === end.source_locale
    const { source_locale: locale, version } = end
    return [
      { n, branch: parts.branch, uid: parts.uid, locale, from: comparable ? begin.version : 0, to: version },
    ]
  })
  const steps: Step[][] = changes.map(() => [])
  if (asked.length === 0) return steps
  for (const { n, version, ...step } of await listVersionSteps(db, {
    project_id: projectId,
    asked,
    most: 20,
  }))
    steps[n]?.push({ ...step, version: String(version) })
  return steps
}
