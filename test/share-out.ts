import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { takeFiles } from './take-files.ts'

/** Enough for a process to be warm for most of its files; the more it runs, the more of them it has to remember. */
const mostFiles = 32

/**
 * As many test files as there are to be processes, which share out the given ones: whoever is free takes the next. Files
 * that share a process share its start, its compiled code and its warm-up, which cost more than most files do.
 *
 * @param atOnce of the processes
 */
export function shareOut(files: readonly string[], folder: string, atOnce: number): string[] {
  if (files.length <= 2 * atOnce) return [...files]
  mkdirSync(folder, { recursive: true })
  const taken = files.map((file) => resolve(file))
  const processes = Math.max(atOnce, Math.ceil(files.length / mostFiles))
  return Array.from({ length: processes }, (_, n) => {
    const path = join(folder, `${n}.test.ts`)
    writeFileSync(
      path,
      `import { ${takeFiles.name} } from ${JSON.stringify(join(import.meta.dirname, 'take-files.ts'))}\n` +
        `await ${takeFiles.name}(${JSON.stringify({ files: taken, folder, most: mostFiles })})\n`,
    )
    return path
  })
}
