import { invalidField } from '#domain/errors.ts'
import type { CodeSettingsRow } from '#store/code-settings.ts'
import type { Db } from '#store/database.ts'
import { listNewestReleaseNames, listReleaseNames } from '#store/release.ts'
import type { Context } from '../context.ts'

/** How far back a release is looked for whose version says which is the next. */
const most = 200

/**
 * The version of a project's next release, where nobody names one: by its calendar, or one patch after the newest. The
 * caller holds the project's settings. Throws `invalid` where nothing comes after the newest.
 */
export async function nextRelease(ctx: Context, db: Db, settings: CodeSettingsRow): Promise<string> {
  const { calendarDay, nextCalendarVersion, nextSemanticVersion } = await import('#domain/next-version.ts')
  const { project_id, versions, time_zone } = settings
  if (versions === 'calver') {
    const day = calendarDay(ctx.now(), time_zone)
    return nextCalendarVersion(day, await listReleaseNames(db, project_id, `${day}-`))
  }
  const newest = await listNewestReleaseNames(db, project_id, most)
  // Whatever is used after the newest one lies before it in time, and has the same beginning.
  const used = new Set(newest)
  for (;;) {
    const next = nextSemanticVersion(newest, (version) => used.has(version))
    if (next === undefined)
      throw invalidField('release', 'required', 'Nothing comes after the newest release.')
    const alike = await listReleaseNames(db, project_id, next.slice(0, next.lastIndexOf('.') + 1))
    if (!alike.includes(next)) return next
    for (const name of alike) used.add(name)
  }
}
