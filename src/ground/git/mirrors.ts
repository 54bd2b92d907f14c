import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { fetchInto, makeMirror } from './fetch-mirror.ts'
import { withLock } from './mirror-lock.ts'
import { runGit, streamGit, type GitEnd, type GitOptions } from './run-git.ts'
import { talkToRemote, type Remote } from './talk-to-remote.ts'
import { requireRemoteUrl } from './remote-url.ts'

export type { Remote } from './talk-to-remote.ts'

/** A bare copy of a repository, of which no file is ever checked out. */
export interface Mirror {
  readonly folder: string
  /** Runs `git` in it. A mirror that turns out to be broken is made anew, and git run again. See `runGit`. */
  git(args: readonly string[], options?: GitOptions): Promise<GitEnd>
  /** See `streamGit`. */
  stream(args: readonly string[], options?: GitOptions): AsyncGenerator<Uint8Array, void, undefined>
}

/** The mirrors of a folder, made when they are first asked for. Several processes may share the folder. */
export interface Mirrors {
  /** As it is; made where there is none. */
  open(remote: Remote, signal?: AbortSignal): Promise<Mirror>
  /**
   * Brought up to date. Who asks while it is being fetched waits for that. With `fresh`: for a fetch that began
   * after this call, which all who ask meanwhile share.
   */
  fetch(remote: Remote, options?: { fresh?: boolean; signal?: AbortSignal }): Promise<Mirror>
  /** Pushes these refspecs; `+` in front of one forces it. */
  push(remote: Remote, refspecs: readonly string[], options?: GitOptions): Promise<GitEnd>
  /** Takes the mirror away. */
  remove(id: string): Promise<void>
}

// What git says where its own files are not as it wrote them.
const broken =
  /not a git repository|object file .* is empty|is corrupt|unable to (?:read|unpack|parse)|inflate:|index file|packfile|does not match index|missing (?:blob|tree|commit)|failed to read object|bad tree object/i

export interface MirrorsOptions {
  folder: string
  /** Called with a mirror that was made (anew), before anybody else sees it: to bring back what only we had. */
  made?(mirror: Mirror, id: string): Promise<void>
}

/** Makes nothing yet. */
export function openMirrors({ folder, made }: MirrorsOptions): Mirrors {
  const config = join(folder, 'gitconfig')
  const incoming = join(folder, 'incoming')
  const placesOf = (id: string) => ({
    incoming,
    config,
    keys: join(folder, 'keys', id),
    knownHosts: join(folder, 'known_hosts'),
  })
  const folderOf = (id: string) => join(folder, `${nameOf(id)}.git`)
  const running = new Map<string, Promise<void>>()
  const next = new Map<string, Promise<void>>()
  let prepared: Promise<void> | undefined
  const prepare = () => (prepared ??= writeConfig(folder, config))

  async function exclusively<T>(
    id: string,
    signal: AbortSignal | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    await prepare()
    return withLock(join(folder, `${nameOf(id)}.lock`), signal, work)
  }

  const whenMade = (id: string) => async (there: string) => made?.(plainMirror(there), id)
  const replace = (remote: Remote, signal: AbortSignal | undefined) =>
    makeMirror(folderOf(remote.id), remote, placesOf(remote.id), whenMade(remote.id), signal)

  /** Anew, where it is still needed once nobody else is at it. */
  const make = (remote: Remote, signal: AbortSignal | undefined, needed: () => Promise<boolean>) =>
    exclusively(remote.id, signal, async () => {
      if (await needed()) await replace(remote, signal)
    })

  const isBroken = async (id: string) => {
    if (!(await isThere(folderOf(id)))) return true
    const { code } = await runGit(['fsck', '--no-dangling', '--no-progress'], {
      folder: folderOf(id),
      timeout_seconds: 3600,
    })
    return code !== 0
  }

  async function update(remote: Remote, signal: AbortSignal | undefined): Promise<void> {
    const there = folderOf(remote.id)
    await exclusively(remote.id, signal, async () => {
      const places = placesOf(remote.id)
      if (!(await isThere(there))) return replace(remote, signal)
      try {
        await fetchInto(there, remote, places, signal)
      } catch (error) {
        if (!broken.test((error as Error).message) || !(await isBroken(remote.id))) throw error
        await replace(remote, signal)
      }
    })
  }

  /** One at a time, and at most one that waits. */
  function updateOnce(remote: Remote, fresh: boolean, signal: AbortSignal | undefined): Promise<void> {
    const { id } = remote
    const now = running.get(id)
    if (!now) return begin(remote, signal)
    if (!fresh) return now
    const waiting =
      next.get(id) ??
      now
        .catch(() => undefined)
        .then(() => {
          next.delete(id)
          return running.get(id) ?? begin(remote, signal)
        })
    next.set(id, waiting)
    return waiting
  }

  function begin(remote: Remote, signal: AbortSignal | undefined): Promise<void> {
    const updating = update(remote, signal).finally(() => running.delete(remote.id))
    running.set(remote.id, updating)
    return updating
  }

  const mirrorOf = (remote: Remote): Mirror => {
    const there = folderOf(remote.id)
    return {
      folder: there,
      async git(args, options) {
        const end = await attempt(there, args, options)
        if (end && (end.code === 0 || !broken.test(end.stderr) || !(await isBroken(remote.id)))) return end
        await make(remote, options?.signal, () => isBroken(remote.id))
        return runGit(args, { folder: there, ...options })
      },
      stream: plainMirror(there).stream,
    }
  }

  return {
    async open(remote, signal) {
      requireRemoteUrl(remote.url)
      const missing = async () => !(await isThere(folderOf(remote.id)))
      if (await missing()) await make(remote, signal, missing)
      return mirrorOf(remote)
    },
    async fetch(remote, { fresh = false, signal } = {}) {
      requireRemoteUrl(remote.url)
      await updateOnce(remote, fresh, signal)
      return mirrorOf(remote)
    },
    push: (remote, refspecs, options) =>
      exclusively(remote.id, options?.signal, () => {
        const args = ['push', '--quiet', '--no-verify', '--end-of-options', remote.url, ...refspecs]
        return talkToRemote(remote, args, placesOf(remote.id), { folder: folderOf(remote.id), ...options })
      }),
    remove: (id) =>
      exclusively(id, undefined, async () => {
        const gone = join(incoming, `${nameOf(id)}.${randomUUID()}.old`)
        await mkdir(incoming, { recursive: true })
        await rename(folderOf(id), gone).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== 'ENOENT') throw error
        })
        await rm(gone, { recursive: true, force: true })
      }),
  }
}

function plainMirror(folder: string): Mirror {
  return {
    folder,
    git: (args, options) => runGit(args, { folder, ...options }),
    stream: (args, options) => streamGit(args, { folder, ...options }),
  }
}

/** Undefined where there is no folder to run it in. */
async function attempt(
  folder: string,
  args: readonly string[],
  options?: GitOptions,
): Promise<GitEnd | undefined> {
  return (await isThere(folder)) ? runGit(args, { folder, ...options }) : undefined
}

const isThere = (folder: string) =>
  access(join(folder, 'HEAD')).then(
    () => true,
    () => false,
  )

function nameOf(id: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,99}$/.test(id))
    throw new Error('a mirror is named by letters, digits and dashes')
  return id
}

/** For the git that serves a folder of this machine: it is started by ours, but does not get its arguments. */
async function writeConfig(folder: string, config: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const written = `${config}.${randomUUID()}`
  await writeFile(written, '[safe]\n\tdirectory = *\n[core]\n\thooksPath = /dev/null\n[gc]\n\tauto = 0\n')
  await rename(written, config)
}
