import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Enough for every core to have work until the end, few enough that most files find their process warm. */
const bundles = 20

/**
 * Test files as fewer ones that import them, so that files which share a process share its start, its compiled code and
 * its warm-up: a fifth of all that a run costs. A failed test is still told by its own file and line.
 */
export function bundle(files: readonly string[], folder: string): string[] {
  if (files.length < 2 * bundles) return [...files]
  mkdirSync(folder, { recursive: true })
  return Array.from({ length: bundles }, (_, n) => {
    const path = join(folder, `${n}.test.ts`)
    // Dealt out like cards: what stands together in a folder takes long together, too.
    const some = files.filter((_file, index) => index % bundles === n)
    writeFileSync(path, some.map((file) => `await import(${JSON.stringify(resolve(file))})\n`).join(''))
    return path
  })
}
