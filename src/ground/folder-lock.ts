import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tryLockFile } from './file-lock.ts'

export interface FolderLock {
  release(): void
}

/** Somebody else holds the folder: another process, or another opener in this one. */
export class FolderHeldError extends Error {
  readonly folder: string
  /** Null when the holder had not yet said who it is. */
  readonly pid: number | null

  constructor(folder: string, holder: Holder | null) {
    const who = holder ? `by process ${holder.pid}, since ${holder.since}` : 'by another process'
    const whose = holder?.pid === process.pid ? ' (this very process)' : ''
    super(`The folder ${folder} is in use ${who}${whose}. Stop that process first, or choose another folder.`)
    this.name = 'FolderHeldError'
    this.folder = folder
    this.pid = holder?.pid ?? null
  }
}

interface Holder {
  pid: number
  since: string
}

/**
 * Holds a folder for one opener. The lock is the kernel's, on the file `lock` in it, so it goes with the process
 * however that ends; `holder.json` beside it only tells others whom to ask.
 *
 * @throws FolderHeldError when somebody has it
 */
export function lockFolder(folder: string, since: Date): FolderLock {
  mkdirSync(folder, { recursive: true })
  const release = tryLockFile(join(folder, 'lock'))
  const holderFile = join(folder, 'holder.json')
  if (!release) throw new FolderHeldError(folder, readHolder(holderFile))
  writeFileSync(holderFile, JSON.stringify({ pid: process.pid, since: since.toISOString() } satisfies Holder))
  return { release }
}

function readHolder(file: string): Holder | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder
  } catch {
    return null
  }
}
