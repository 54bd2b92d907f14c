import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** The variable by which every process of a tree is known, whatever group it made for itself. */
export const markName = 'HEADGATE_PROCESS'

/**
 * The processes that carry a mark in their environment, and what descends from them or from `root`. Empty where the
 * system has no /proc. A process that cleared its environment and left its parents is not found.
 */
async function findTree(mark: string, root?: number): Promise<number[]> {
  const names = await readdir('/proc').catch(() => [])
  const pids = names.filter((name) => /^[0-9]+$/.test(name)).map(Number)
  const sign = `${markName}=${mark}`
  const parents = new Map<number, number>()
  const found = new Set<number>(root === undefined ? [] : [root])
  await Promise.all(
    pids.map(async (pid) => {
      const [environment, stat] = await Promise.all([readProc(pid, 'environ'), readProc(pid, 'stat')])
      if (environment.split('\0').includes(sign)) found.add(pid)
      // The name stands in brackets and may hold anything; after it come the state and the parent.
      const [state = '', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      if (parent !== undefined && !'ZX'.includes(state)) parents.set(pid, Number(parent))
    }),
  )
  for (let grown = true; grown;) {
    grown = false
    for (const [pid, parent] of parents)
      if (found.has(parent) && !found.has(pid)) {
        found.add(pid)
        grown = true
      }
  }
  return [...found].filter((pid) => pid !== process.pid && pid > 1 && parents.has(pid))
}

/** SIGKILL to all that carries the mark or descends from it, until nothing is left. False: something would not die. */
export async function endTree(mark: string, root?: number): Promise<boolean> {
  for (let round = 0; round < 50; round += 1) {
    const left = await findTree(mark, root)
    if (left.length === 0) return true
    for (const pid of left) signalTo(pid, 'SIGKILL')
    await sleep(20)
  }
  return false
}

/** Negative for a group. What is gone already, or another user's, is no error. */
export function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ESRCH' && code !== 'EPERM') throw error
  }
}

/** Of a process that is gone, or not ours to look into: nothing. */
function readProc(pid: number, file: string): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '')
}
