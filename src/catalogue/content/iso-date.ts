const isoDate = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/

/** The shape, and a day that the calendar has: the 31st of February is none. */
export function isIsoDate(text: string): boolean {
  if (!isoDate.test(text)) return false
  const day = text.slice(0, 10)
  const parsed = new Date(`${day}T00:00:00Z`)
  if (Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== day) return false
  const [hours = 0, minutes = 0, seconds = 0] = text.slice(11, 19).match(/\d{2}/g)?.map(Number) ?? []
  return hours <= 23 && minutes <= 59 && seconds <= 60
}
