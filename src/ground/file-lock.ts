import { DatabaseSync } from 'node:sqlite'

const sqliteBusy = 5

/**
 * Takes a kernel's lock on a file, which goes with the process however that ends. Undefined where somebody has it:
 * another process, or another holder in this one.
 */
export function tryLockFile(file: string): (() => void) | undefined {
  // SQLite is the one thing in Node that takes a kernel's lock on a file; nothing is ever stored in this one.
  const lock = new DatabaseSync(file, { timeout: 0 })
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive')
  } catch (error) {
    lock.close()
    if ((error as { errcode?: number }).errcode === sqliteBusy) return undefined
    throw error
  }
  return () => {
    if (lock.isOpen) lock.close()
  }
}
