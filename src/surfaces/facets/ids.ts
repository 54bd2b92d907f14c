import { beginning } from '#app/external-ids/resolve-beginning.ts'

/** The name under which external ids and annotations of this surface are kept. */
export const surface = 'facets'

/** The version of a UUIDv7, which says nothing of which it is; Bot's half of an approved deployment has another one. */
const versionAt = 12
const bots = 'b'

/** As the vendor's ids look (section 2.1): 24 hexadecimal digits, the first of ours. */
export function idOf(uuid: string): string {
  return uuid.replaceAll('-', '').slice(0, beginning)
}

/** The id of the log in which Bot applies what was approved. */
export function botIdOf(uuid: string): string {
  const id = idOf(uuid)
  return `${id.slice(0, versionAt)}${bots}${id.slice(versionAt + 1)}`
}

export interface ReadLogId {
  /** The 24 digits that our id begins with. */
  digits: string
  bot: boolean
}

/** Which deployment the id of a log is of, and which of its two logs. Undefined where it cannot be one. */
export function readLogId(id: string): ReadLogId | undefined {
  const digits = readDigits(id)
  if (digits === undefined) return undefined
  const bot = digits[versionAt] === bots
  return { digits: bot ? `${digits.slice(0, versionAt)}7${digits.slice(versionAt + 1)}` : digits, bot }
}

/** 24 hexadecimal digits in lower case, or undefined. */
export function readDigits(id: string): string | undefined {
  const digits = id.toLowerCase()
  return /^[0-9a-f]{24}$/.test(digits) ? digits : undefined
}
