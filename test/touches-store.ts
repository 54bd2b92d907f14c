import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** What every test that needs a store goes through. */
const doors = ['fresh-store.ts', 'postgres.ts'].map((name) => join(import.meta.dirname, name))

/** Whether a test file imports, over however many others of the tests, what makes a store. */
export function touchesStore(file: string): boolean {
  const reached = new Set([resolve(file)])
  // A set that grows while it is walked is walked to its new end.
  for (const path of reached) for (const imported of importsOf(path)) reached.add(imported)
  return doors.some((door) => reached.has(door))
}

const known = new Map<string, string[]>()

function importsOf(path: string): string[] {
  const imports =
    known.get(path) ??
    [...readFileSync(path, 'utf8').matchAll(/\b(?:from |import |import\()'(\.[^']+\.ts)'/g)]
      .map(([, name]) => resolve(dirname(path), name!))
      .filter((imported) => imported.startsWith(import.meta.dirname) && existsSync(imported))
  known.set(path, imports)
  return imports
}
