import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const staleAfterMs = 1000

/** Whether git could not do it because a file of another git's was in the way. */
export function saysLocked(stderr: string): boolean {
  return /\.lock': File exists/.test(stderr)
}

/** A git that lives has a lock for a moment: only what is still the same a while later is nobody's. */
export async function removeStaleLocks(folder: string): Promise<void> {
  const before = await locksIn(folder)
  await sleep(staleAfterMs)
  for (const [file, state] of await locksIn(folder))
    if (before.get(file) === state) await rm(file, { force: true })
}

async function locksIn(folder: string): Promise<Map<string, string>> {
  const refs = (await readdir(join(folder, 'refs'), { recursive: true })).map((name) => join('refs', name))
  const names = [...refs, 'HEAD.lock', 'packed-refs.lock', 'config.lock'].filter((name) =>
    name.endsWith('.lock'),
  )
  const found = await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name)
      const there = await stat(file).catch(() => undefined)
      return there ? [[file, `${there.ino} ${there.mtimeMs}`] as const] : []
    }),
  )
  return new Map(found.flat())
}
