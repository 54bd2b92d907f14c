export const intervals = ['day', 'week', 'month'] as const
export type Interval = (typeof intervals)[number]

/** Whether days can be counted there. */
export function isTimeZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
    return true
  } catch {
    return false
  }
}

/** A day, week or month: the day that it begins with, and that moment. */
export interface Bucket {
  day: string
  at: Date
}

/** The beginnings of the days, weeks (from Monday) or months that touch a time, in a zone's local time. At most `most` + 1. */
export function bucketsBetween(
  from: Date,
  to: Date,
  interval: Interval,
  zone: string,
  most: number,
): Bucket[] {
  const local = Temporal.Instant.fromEpochMilliseconds(from.getTime()).toZonedDateTimeISO(zone)
  const day = local.toPlainDate()
  let begin = interval === 'month' ? day.with({ day: 1 }) : day
  if (interval === 'week') begin = day.subtract({ days: day.dayOfWeek - 1 })
  const found: Bucket[] = []
  for (let n = 0; n <= most; n += 1) {
    const first = begin.add({ [`${interval}s`]: n })
    const at = first.toZonedDateTime(zone).epochMilliseconds
    if (at >= to.getTime()) break
    found.push({ day: first.toString(), at: new Date(at) })
  }
  return found
}
