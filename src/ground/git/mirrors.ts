import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fetchInto, makeMirror } from './fetch-mirror.ts'
import { exclusively, isBroken, isMirror, placesOf, saysBroken, type MirrorPlaces } from './mirror-places.ts'
import { requireRemoteUrl } from './remote-url.ts'
import { removeStaleLocks, saysLocked } from './stale-locks.ts'
import { runGit, streamGit, type GitEnd, type GitOptions } from './run-git.ts'
import { RemoteError, talkToRemote, type Remote } from './talk-to-remote.ts'
import { tidyMirror } from './tidy-mirror.ts'
import { openTurns } from './turns.ts'

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
  /** Ends what is being fetched or pushed. */
  close(): void
}

export interface MirrorsOptions {
  folder: string
  /** Called with a mirror that was made (anew), before anybody else sees it: to bring back what only we had. */
  made?(mirror: Mirror, id: string): Promise<void>
}

/** Makes nothing yet. */
export function openMirrors(options: MirrorsOptions): Mirrors {
  return new MirrorFolder(options)
}

class MirrorFolder implements Mirrors {
  #folder: string
  #made: MirrorsOptions['made']
  #closing = new AbortController()
  #turns = openTurns()
  /** One object for each, as long as it is the same mirror: what is known of it is kept by that. */
  #known = new Map<string, Mirror>()
  #remotes = new Map<string, Remote>()

  constructor({ folder, made }: MirrorsOptions) {
    this.#folder = folder
    this.#made = made
  }

  async open(remote: Remote, signal?: AbortSignal): Promise<Mirror> {
    const id = this.#point(remote)
    if (!(await isMirror(this.#places(id).mirror)))
      await this.#turns.take(id, () => this.#update(id, false), { signal })
    return this.#mirror(id)
  }

  async fetch(remote: Remote, options?: { fresh?: boolean; signal?: AbortSignal }): Promise<Mirror> {
    const id = this.#point(remote)
    await this.#turns.take(id, () => this.#update(id, true), options)
    return this.#mirror(id)
  }

  async push(remote: Remote, refspecs: readonly string[], options?: GitOptions): Promise<GitEnd> {
    const places = this.#places(this.#point(remote))
    const signal = AbortSignal.any([this.#closing.signal, ...(options?.signal ? [options.signal] : [])])
    const args = ['push', '--quiet', '--no-verify', '--end-of-options', remote.url, ...refspecs]
    return exclusively(this.#folder, places, signal, () =>
      talkToRemote(remote, args, places, { folder: places.mirror, ...options, signal }),
    )
  }

  async remove(id: string): Promise<void> {
    const places = this.#places(id)
    await exclusively(this.#folder, places, this.#closing.signal, () =>
      takeAway(places.mirror, places.incoming, id),
    )
    this.#known.delete(id)
  }

  close(): void {
    this.#closing.abort()
  }

  #places(id: string): MirrorPlaces {
    return placesOf(this.#folder, id)
  }

  /** What it is fetched from now on. */
  #point(remote: Remote): string {
    requireRemoteUrl(remote.url)
    this.#remotes.set(remote.id, remote)
    return remote.id
  }

  async #update(id: string, fetch: boolean): Promise<void> {
    const places = this.#places(id)
    const { signal } = this.#closing
    await exclusively(this.#folder, places, signal, async () => {
      if (!(await isMirror(places.mirror))) return this.#replace(id)
      if (!fetch) return
      const fetching = fetchInto(places.mirror, this.#remotes.get(id)!, places, signal)
      const said = await fetching.catch((error: unknown) => {
        if (error instanceof RemoteError && saysBroken(error.said)) return error
        throw error
      })
      const broken = typeof said !== 'string' || saysBroken(said)
      if (broken && (await isBroken(places.mirror))) await this.#replace(id)
      else if (said instanceof RemoteError) throw said
      else await tidyMirror(places.mirror, signal)
    })
  }

  async #replace(id: string): Promise<void> {
    const whenMade = async (there: string) => this.#made?.(plainMirror(there), id)
    await makeMirror(this.#places(id), this.#remotes.get(id)!, whenMade, this.#closing.signal)
    this.#known.delete(id)
  }

  async #repair(id: string): Promise<void> {
    const places = this.#places(id)
    await exclusively(this.#folder, places, this.#closing.signal, async () => {
      if (await isBroken(places.mirror)) await this.#replace(id)
    })
  }

  #mirror(id: string): Mirror {
    const { mirror: folder } = this.#places(id)
    const mirror = this.#known.get(id) ?? {
      ...plainMirror(folder),
      git: async (args: readonly string[], options?: GitOptions) => {
        const run = () => runGit(args, { folder, ...options })
        const end = (await isMirror(folder)) ? await run() : undefined
        if (end && (end.code === 0 || !canRepeat(options))) return end
        if (end && saysLocked(end.stderr)) {
          await removeStaleLocks(folder)
          return run()
        }
        if (end && (!saysBroken(end.stderr) || !(await isBroken(folder)))) return end
        await this.#repair(id)
        return run()
      },
    }
    this.#known.set(id, mirror)
    return mirror
  }
}

/** What comes as a stream comes once. */
function canRepeat({ input }: GitOptions = {}): boolean {
  return input === undefined || typeof input === 'string' || input instanceof Uint8Array
}

function plainMirror(folder: string): Mirror {
  return {
    folder,
    git: (args, options) => runGit(args, { folder, ...options }),
    stream: (args, options) => streamGit(args, { folder, ...options }),
  }
}

/** At once, as far as anybody can see. */
async function takeAway(mirror: string, incoming: string, id: string): Promise<void> {
  const gone = join(incoming, `${id}.${randomUUID()}.old`)
  await mkdir(incoming, { recursive: true })
  await rename(mirror, gone).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  await rm(gone, { recursive: true, force: true })
}
