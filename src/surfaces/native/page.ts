/** How many rows to ask for, so that one too many tells of a next page. */
export function oneMore(limit: number): number {
  return limit + 1
}

/** A page out of rows that were asked for with `oneMore`; `cursor` is what the next one begins after. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => Item,
  cursor: (row: Row) => string,
): { items: Item[]; next: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown.map(view), next: rows.length > limit && last !== undefined ? cursor(last) : null }
}
