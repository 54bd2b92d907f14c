export const intervals = ['day', 'week', 'month'] as const
export type Interval = (typeof intervals)[number]

/** Whether days can be counted there. An offset is none: `+05:00` is five hours east for one, and west for the store. */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
    return true
  } catch {
    return false
  }
}

/** The beginnings of the days, weeks (from Monday) or months that touch a time, in a zone's local time. At most `most` + 1. */
export function bucketsBetween(from: Date, to: Date, interval: Interval, zone: string, most: number): Date[] {
  const local = Temporal.Instant.fromEpochMilliseconds(from.getTime()).toZonedDateTimeISO(zone)
  const day = local.toPlainDate()
  let begin = interval === 'month' ? day.with({ day: 1 }) : day
  if (interval === 'week') begin = day.subtract({ days: day.dayOfWeek - 1 })
  const found: Date[] = []
  for (let n = 0; n <= most; n += 1) {
    const at = begin.add({ [`${interval}s`]: n }).toZonedDateTime(zone).epochMilliseconds
    if (at >= to.getTime()) break
    found.push(new Date(at))
  }
  return found
}
