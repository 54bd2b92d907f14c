import { readContentKey, readContentVersion } from '#domain/content-key.ts'
import type { Change } from '#domain/plan.ts'
import { listVersionTimes, type VersionName } from '#store/content-reading.ts'
import type { Db } from '#store/database.ts'

/**
 * The changes, with a warning on each that puts an older version in the place of a newer one. Versions of one locale
 * are told apart by their numbers, those of different locales by when they were written: one statement for any number
 * of these, and none where there are none.
 */
export async function warnOfOlder(db: Db, project_id: string, changes: readonly Change[]): Promise<Change[]> {
  const older = new Set<number>()
  const unlike: { n: number; before: VersionName; after: VersionName }[] = []
  for (const [n, change] of changes.entries()) {
    const versions = change.action === 'publish' && !change.fault ? versionsOf(change) : undefined
    if (!versions) continue
    const { before, after } = versions
    if (before.source_locale !== after.source_locale) unlike.push({ n, before, after })
    else if (after.version < before.version) older.add(n)
  }
  const asked = unlike.flatMap(({ before, after }) => [before, after])
  const times = asked.length > 0 ? await listVersionTimes(db, { project_id, asked }) : []
  for (const [index, { n }] of unlike.entries()) {
    const [before, after] = [times[2 * index], times[2 * index + 1]]
    if (before && after && after < before) older.add(n)
  }
  if (older.size === 0) return [...changes]
  return changes.map((change, n) => (older.has(n) ? { ...change, warning: warningOf(change) } : change))
}

function versionsOf({ key, before, after }: Change): { before: VersionName; after: VersionName } | undefined {
  const parts = readContentKey(key)
  if (!parts || before === null || after === null) return undefined
  const [old, now] = [before, after].map((text) => readContentVersion(text, parts.locale))
  return old && now && { before: { ...parts, ...old }, after: { ...parts, ...now } }
}

function warningOf({ before, after }: Change) {
  return {
    code: 'older_than_live',
    reason: `Version ${after} is older than version ${before}, which is live.`,
  }
}
