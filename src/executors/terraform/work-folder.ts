import { hash } from 'node:crypto'
import { access, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A folder of one attempt, which only we can read. */
export interface WorkFolder {
  path: string
  lay(files: ReadonlyMap<string, string | Uint8Array>): Promise<void>
  /** It is not to be cleared: what lies there is nowhere else. */
  leave(): void
  clear(): Promise<void>
}

/** Where Terraform puts a state that it could not post. */
export const unpostedState = 'errored.tfstate'

export async function openWorkFolder(): Promise<WorkFolder> {
  const within = tmpdir()
  await (swept ??= sweep(within))
  const path = await mkdtemp(join(within, `${ownPrefix()}${process.pid}-`))
  const made = new Set<string>([path])
  let left = false
  return {
    path,
    async lay(files) {
      for (const [name, bytes] of files) {
        const file = join(path, name)
        const folder = dirname(file)
        if (!made.has(folder)) await mkdir(folder, { recursive: true, mode: 0o700 })
        made.add(folder)
        await writeFile(file, bytes, { mode: 0o600 })
      }
    },
    leave: () => void (left = true),
    clear: async () => (left ? undefined : remove(path)),
  }
}

let swept: Promise<void> | undefined

/** Of this machine: processes of another one, which may share the folder, are not ours to look for. */
function ownPrefix(): string {
  return `headgate-terraform-${hash('sha256', hostname()).slice(0, 8)}-`
}

/** Removes what processes of this machine that were killed have left, once in a process's life and before it has any. */
async function sweep(within: string): Promise<void> {
  const prefix = ownPrefix()
  const names = await readdir(within).catch(() => [])
  for (const name of names) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : Number.NaN
    const folder = join(within, name)
    if (!Number.isInteger(pid) || (pid !== process.pid && isAlive(pid))) continue
    if (await holdsState(folder)) continue
    // What another user has left is another user's to remove.
    await remove(folder).catch(() => undefined)
  }
}

function holdsState(folder: string): Promise<boolean> {
  return access(join(folder, unpostedState)).then(
    () => true,
    () => false,
  )
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

function remove(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true, maxRetries: 3 })
}
