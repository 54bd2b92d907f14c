import { Cron } from 'croner'

/**
 * The next time after this one at which a cron expression of five fields cuts, by the clocks of a time zone; null where
 * there is none, as on 30 February. A time that daylight saving skips is made up for at the hour's end, one that it
 * repeats counts once; an expression that means every so many minutes cuts in both hours. Day of month and day of week
 * are either, as in Unix. Throws where `isCutCron` says no.
 */
export function nextCut(cron: string, timeZone: string, after: Date): Date | null {
  return new Cron(cron, { timezone: timeZone, paused: true, mode: '5-part' }).nextRun(after)
}

/** Whether it is a cron expression of five fields that a time zone's clocks ever reach. */
export function isCutCron(cron: string, timeZone: string, now: Date): boolean {
  if (cron.trim().split(/\s+/).length !== 5) return false
  try {
    return nextCut(cron, timeZone, now) !== null
  } catch {
    return false
  }
}
