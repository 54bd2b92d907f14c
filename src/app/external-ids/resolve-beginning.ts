import { findIdBetween, type RangedTable } from '#store/id-range.ts'
import type { House } from '../context.ts'
import { memoryOf } from '../memory.ts'

/** Of the 32 digits of an id: what comes before holds its time and its number within that time. */
export const beginning = 24

/**
 * The id that begins with these 24 hexadecimal digits, in lower case; undefined where none does. Ids never change: it is
 * remembered.
 */
export function resolveBeginning(
  house: Pick<House, 'db' | 'now'>,
  table: RangedTable,
  digits: string,
): Promise<string | undefined> {
  const range = { low: uuidOf(`${digits}00000000`), high: uuidOf(`${digits}ffffffff`) }
  return memoryOf(house).recall(`begins ${table} ${digits}`, house.now().getTime(), () =>
    findIdBetween(house.db, table, range),
  )
}

function uuidOf(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
