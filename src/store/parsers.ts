/**
 * How values arrive from either store, by type oid. The two drivers differ in what they make of these by
 * themselves: counts are strings on one and numbers on the other, days are dates in the process's own zone.
 */
export const parsers: Record<number, (text: string) => unknown> = {
  /** bytea */
  17: (text) => Buffer.from(text.slice(2), 'hex'),
  /** int8, so every count() */
  20: Number,
  /** date */
  1082: (text) => text,
  /** timestamp */
  1114: (text) => text,
  /** timestamptz */
  1184: parseTimestamp,
  /** interval */
  1186: (text) => text,
  /** numeric, so every sum() of counts */
  1700: Number,
}

const arrayOf: Record<number, number> = {
  1001: 17,
  1016: 20,
  1182: 1082,
  1115: 1114,
  1185: 1184,
  1187: 1186,
  1231: 1700,
}

/** Arrays of the types above, for the driver that does not derive them. Elements of these types hold no commas. */
export const arrayParsers: Record<number, (text: string) => unknown> = Object.fromEntries(
  Object.entries(arrayOf).map(([array, element]) => [
    array,
    (text: string) => elements(text).map((each) => (each === 'NULL' ? null : parsers[element]?.(each))),
  ]),
)

function elements(text: string): string[] {
  const inner = text.slice(1, -1)
  if (inner === '') return []
  return inner.split(',').map((each) => each.replace(/^"|"$/g, '').replaceAll('\\\\', '\\'))
}

const timestamp = /^(\d+)(-\d\d-\d\d) ([\d:.]+)([+-]\d\d)(:\d\d)?( BC)?$/

/** As ISO 8601, because what Date makes of other forms puts the year 99 into the last century. */
function parseTimestamp(text: string): Date {
  // Nearly all are of this form, and every row has some.
  if (text.endsWith('+00') && text[10] === ' ') return new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`)
  const [, year = '', day, time, hours, minutes = ':00', bc] = timestamp.exec(text) ?? []
  return new Date(`${isoYear(bc ? 1 - Number(year) : Number(year))}${day}T${time}${hours}${minutes}`)
}

function isoYear(year: number): string {
  if (year >= 0 && year <= 9999) return String(year).padStart(4, '0')
  return `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}`
}
