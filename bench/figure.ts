/** One row of docs/performance.md: ours beside its reference, measured in the same run. */
export interface Figure {
  what: string
  store: 'embedded' | 'postgres'
  ours: number
  unit: 'ms' | 'per second' | 'MB'
  reference: { what: string; value: number }
  goal?: { words: string; met: boolean }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

const number = (value: number) => (value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2))

/** A Markdown table; absolute numbers are this machine's, the ratio is what travels. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, store, ours, unit, reference, goal }) => [
    what,
    store,
    `${number(ours)} ${unit}`,
    `${reference.what}: ${number(reference.value)} ${unit}`,
    `${number(ours / reference.value)}×`,
    goal ? `${goal.words}: ${goal.met ? 'met' : 'missed'}` : '',
  ])
  const head = ['What', 'Store', 'Headgate', 'Reference, same run', 'Ratio', 'Goal']
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}
