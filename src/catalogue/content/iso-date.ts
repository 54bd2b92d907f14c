const isoDate = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/

/** The shape, and a day that the calendar and the store have: the 31st of February is none, and neither is the year 0. */
export function isIsoDate(text: string): boolean {
  if (!isoDate.test(text) || text.startsWith('0000')) return false
  const day = text.slice(0, 10)
  const parsed = new Date(`${day}T00:00:00Z`)
  if (Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== day) return false
  const [hours = 0, minutes = 0, seconds = 0] = text.slice(11, 19).match(/\d{2}/g)?.map(Number) ?? []
  const [zoneHours = 0, zoneMinutes = 0] =
    /[+-](\d{2}):?(\d{2})$/.exec(text.slice(16))?.slice(1).map(Number) ?? []
  return hours <= 23 && minutes <= 59 && seconds <= 60 && zoneHours <= 15 && zoneMinutes <= 59
}
