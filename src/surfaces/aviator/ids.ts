/** The name under which external ids and annotations of this surface are kept. */
export const surface = 'aviator'

/** The most that an id of the store can be; more than that names nothing here. */
const most = 9_007_199_254_740_991

/**
 * The number behind an id as clients send one: a JSON number, or text, since workflows put ids between quotes
 * (section 2.6). Undefined where it is none.
 */
export function readNumber(value: unknown): number | undefined {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string' || !/^[1-9][0-9]{0,15}$/.test(text.trim())) return undefined
  const number = Number(text)
  return number <= most ? number : undefined
}
