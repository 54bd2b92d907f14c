import { resolve } from './check-doors.ts'
import type { Doors } from './door.ts'
import { readImports } from './imports.ts'
import type { Tree } from './tree.ts'

/**
 * Circles of files that need each other to run. Imports of types alone are erased and cannot deadlock a start;
 * between rooms they are held back by the doors.
 */
export function checkCircles(tree: Tree): string[] {
  const graph = new Map<string, string[]>()
  for (const [path, text] of tree) {
    if (!path.startsWith('src/') || path.endsWith('.sql')) continue
    const targets = readImports(text).flatMap(({ specifier, typeOnly }) =>
      !typeOnly && specifier && /^[.#]/.test(specifier) ? [resolve(path, specifier)] : [],
    )
    graph.set(path, targets)
  }
  return findCircles(graph).map(
    (circle) => `${circle[0]}: imports itself through ${circle.slice(1).join(' -> ')}`,
  )
}

/** Circles in the table itself: two rooms that may open each other would be one room. */
export function checkTable(doors: Doors): string[] {
  const rooms = Object.entries(doors).map(([room, door]) => {
    const opened = door.opens.map((entry) => entry.split(/[ /]/)[0] ?? '')
    return [room, opened.filter((other) => other !== room && other in doors)] as const
  })
  return findCircles(new Map(rooms)).map(
    (circle) => `the table of doors runs in a circle: ${circle.join(' -> ')}`,
  )
}

/** Depth first; each circle once, as the way that leads back to its first member. */
function findCircles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = []
  const done = new Set<string>()
  const way: string[] = []
  const visit = (node: string): void => {
    const start = way.indexOf(node)
    if (start !== -1) {
      circles.push([...way.slice(start), node])
      return
    }
    if (done.has(node)) return
    done.add(node)
    way.push(node)
    for (const next of graph.get(node) ?? []) visit(next)
    way.pop()
  }
  for (const node of graph.keys()) visit(node)
  return circles
}
