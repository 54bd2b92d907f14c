/** What somebody else's JSON may or may not have: nothing of it is believed before it was looked at. */
export type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {}
}

export function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : []
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** Ids are numbers on the wire, and longer than some take them for. */
export function idOf(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return String(value)
  return typeof value === 'string' && /^[1-9][0-9]{0,18}$/.test(value) ? value : undefined
}

/** A page that people can open. */
export function pageOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^https?:\/\/[!-~]{1,500}$/.test(value) ? value : undefined
}
