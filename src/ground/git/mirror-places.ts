import { randomUUID } from 'node:crypto'
import { access, mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withLock } from './mirror-lock.ts'
import { runGit } from './run-git.ts'

/** Where what lies, in a folder of mirrors. */
export interface MirrorPlaces {
  /** The mirror itself. */
  mirror: string
  /** Where it is made. */
  incoming: string
  /** For the key of whoever talks to its remote now. */
  keys: string
  knownHosts: string
  /** For the git that serves a folder of this machine: it is started by ours, but does not get its arguments. */
  config: string
  lock: string
}

export function placesOf(folder: string, id: string): MirrorPlaces {
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,99}$/.test(id))
    throw new Error('a mirror is named by letters, digits and dashes')
  return {
    mirror: join(folder, `${id}.git`),
    incoming: join(folder, 'incoming'),
    keys: join(folder, 'keys', id),
    knownHosts: join(folder, 'known_hosts'),
    config: join(folder, 'gitconfig'),
    lock: join(folder, `${id}.lock`),
  }
}

/** Does the work while nobody else, in no process, changes this mirror. */
export async function exclusively<T>(
  folder: string,
  { lock, config }: MirrorPlaces,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (!(await isThere(config))) await writeConfig(folder, config)
  return withLock(lock, signal, work)
}

export function isMirror(folder: string): Promise<boolean> {
  return isThere(join(folder, 'HEAD'))
}

// What git says where its own files are not as it wrote them.
const broken =
  /not a git repository|object file .* is empty|is corrupt|unable to (?:read|unpack|parse)|inflate:|index file|packfile|does not match index|missing (?:blob|tree|commit)|failed to read object|bad tree object|unexpected line in|does not point to a valid object|broken ref|bad ref|pack has/i

/** Whether it is worth a look. What stands in quotes are names, and may say anything. */
export function saysBroken(stderr: string): boolean {
  return broken.test(stderr.replaceAll(/'[^'\n]*'/g, ''))
}

/** When a mirror was found to be whole, by its folder; in milliseconds of this process. */
const wholeAt = new Map<string, number>()
/** For so long it is believed: a look reads all that there is, and whatever git said may have been of something else. */
const believedMs = 5 * 60_000

/** Looks at every object, unless somebody just did and they were whole. */
export async function isBroken(folder: string): Promise<boolean> {
  if (!(await isMirror(folder))) return true
  if (performance.now() - (wholeAt.get(folder) ?? -Infinity) < believedMs) return false
  const whole = await isWhole(folder)
  if (whole) wholeAt.set(folder, performance.now())
  else wholeAt.delete(folder)
  return !whole
}

/** What was written oddly long ago, as many an old repository has it, is there all the same. */
const oddity = /^(?:error|warning) in (?:commit|tree|tag|blob) [0-9a-f]+: /

async function isWhole(folder: string): Promise<boolean> {
  const { code, stderr } = await runGit(['fsck', '--no-dangling', '--no-progress'], {
    folder,
    timeout_seconds: 3600,
    mostMemoryBytes: Infinity,
  })
  // The first bit is for objects alone: it says nothing of one that is missing.
  const lines = stderr.split('\n').slice(0, -1)
  return code === 0 || (code === 1 && lines.every((line) => oddity.test(line)))
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}

async function writeConfig(folder: string, config: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const written = `${config}.${randomUUID()}`
  await writeFile(written, '[safe]\n\tdirectory = *\n[core]\n\thooksPath = /dev/null\n[gc]\n\tauto = 0\n')
  await rename(written, config)
}
