/**
 * Ways that lead back to where they begin, one for each knot of the graph: the first and the last key are the same. No
 * recursion: a chain may be as long as a blueprint.
 */
export function findCycles(edges: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const state = new Map<string, 'open' | 'done'>()
  const cycles: string[][] = []
  for (const start of edges.keys()) {
    if (state.has(start)) continue
    const way: { key: string; next: Iterator<string> }[] = []
    const enter = (key: string) => {
      state.set(key, 'open')
      way.push({ key, next: (edges.get(key) ?? new Set<string>()).values() })
    }
    enter(start)
    while (way.length > 0) {
      const { key, next } = way.at(-1)!
      const { value, done } = next.next()
      if (done) {
        state.set(key, 'done')
        way.pop()
      } else if (!state.has(value)) enter(value)
      else if (state.get(value) === 'open') {
        const keys = way.map((step) => step.key)
        cycles.push([...keys.slice(keys.indexOf(value)), value])
      }
    }
  }
  return cycles
}
