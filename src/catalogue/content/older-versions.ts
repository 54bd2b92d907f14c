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
    const { action, fault, before, after } = change
    if (action !== 'publish' || fault || before === null || after === null || before === after) continue
    const [[was, wasOf], [is, isOf]] = [before.split('@'), after.split('@')]
    if (wasOf === isOf) {
      if (Number(is) < Number(was)) older.add(n)
    } else {
      const versions = versionsOf(change.key, before, after)
      if (versions) unlike.push({ n, ...versions })
    }
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

function versionsOf(key: string, before: string, after: string) {
  const parts = readContentKey(key)
  const [old, now] = [before, after].map((text) => parts && readContentVersion(text, parts.locale))
  return parts && old && now && { before: { ...parts, ...old }, after: { ...parts, ...now } }
}

function warningOf({ before, after }: Change) {
  return {
    code: 'older_than_live',
    reason: `Version ${after} is older than version ${before}, which is live.`,
  }
}
