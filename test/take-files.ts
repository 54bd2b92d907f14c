import { closeSync, openSync } from 'node:fs'
import { join, relative } from 'node:path'
import { after, describe } from 'node:test'

interface SharedFiles {
  files: readonly string[]
  /** Where it is marked that a file was taken. */
  folder: string
  /** So many, and the rest is left to others. */
  most: number
}

/**
 * Runs in this process the next test files that no other has taken, one after the other, each as a suite of its own:
 * what its `before` and `after` open and close is open while it runs, and a failed test is told by its own file and
 * line.
 */
export async function takeFiles({ files, folder, most }: SharedFiles): Promise<void> {
  let count = 0
  for (const [index, file] of files.entries()) {
    if (count === most) return
    if (!take(join(folder, `${index}.taken`))) continue
    count += 1
    await runFile(file)
  }
}

function runFile(file: string): Promise<void> {
  return new Promise((resolve) => {
    void describe(relative('', file), async () => {
      try {
        await import(file)
        after(() => resolve())
      } catch (error) {
        resolve()
        throw error
      }
    })
  })
}

function take(mark: string): boolean {
  try {
    closeSync(openSync(mark, 'wx'))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
