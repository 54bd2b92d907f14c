import semver from 'semver'

/** The day on which a release is cut, as people there say it: `2026.11.21`. */
export function calendarDay(at: Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    ...{ timeZone, year: 'numeric', month: '2-digit', day: '2-digit' },
  })
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  return `${parts.year}.${parts.month}.${parts.day}`
}

/**
 * `2026.11.21-3`: the day, and how many were cut on it, this one included. `used` are the versions of that day that
 * were ever given; a number that is gone is not given again.
 */
export function nextCalendarVersion(day: string, used: Iterable<string>): string {
  let last = 0
  for (const version of used) {
    if (!version.startsWith(`${day}-`)) continue
    const digits = version.slice(day.length + 1)
    if (/^[1-9][0-9]{0,8}$/.test(digits)) last = Math.max(last, Number(digits))
  }
  return `${day}-${last + 1}`
}

const firstSemantic = '0.1.0'

/**
 * One patch after the newest release whose version is a semantic one: a `v` before it stays, what is said of a
 * preliminary one goes. `newest` are versions in the order in which they were made, newest first; `0.1.0` is the first.
 * Undefined where nothing comes after it.
 */
export function nextSemanticVersion(
  newest: readonly string[],
  isUsed: (version: string) => boolean,
): string | undefined {
  const last = newest.find((version) => semver.valid(version) !== null)
  const prefix = last?.startsWith('v') ? 'v' : ''
  let next = last === undefined ? firstSemantic : after(last)
  while (next !== null && isUsed(prefix + next)) next = after(next)
  return next === null ? undefined : prefix + next
}

function after(version: string): string | null {
  return semver.valid(semver.inc(version, 'patch'))
}
