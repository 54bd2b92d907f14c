import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { MirrorPlaces } from './mirror-places.ts'
import { removeStaleLocks, saysLocked } from './stale-locks.ts'
import { runGit } from './run-git.ts'
import { tidyMirror } from './tidy-mirror.ts'
import { RemoteError, talkToRemote, type Remote, type TalkPlaces } from './talk-to-remote.ts'

/** What a mirror takes over, and prunes. Everything else in it, as refs/headgate/*, is ours. */
const refspecs = ['heads/*', 'tags/*', 'pull/*/head', 'merge-requests/*/head'].map(
  (refs) => `+refs/${refs}:refs/${refs}`,
)

const fetching = [
  'fetch',
  '--quiet',
  '--prune',
  '--no-tags',
  '--no-recurse-submodules',
  '--no-write-fetch-head',
]

/** Brings a mirror up to date, and says which branch is the repository's default. Answers what git said. */
export async function fetchInto(
  folder: string,
  remote: Remote,
  places: TalkPlaces,
  signal: AbortSignal,
): Promise<string> {
  const options = { folder, signal }
  const args = [...fetching, '--end-of-options', remote.url, ...refspecs]
  const fetch = () => talkToRemote(remote, args, places, options)
  const { stderr } = await fetch().catch(async (error: unknown) => {
    // It may have been left behind by a git that was killed.
    if (!(error instanceof RemoteError) || !saysLocked(error.said)) throw error
    await removeStaleLocks(folder)
    return fetch()
  })
  const asking = ['ls-remote', '--symref', '--end-of-options', remote.url, 'HEAD']
  const { stdout } = await talkToRemote(remote, asking, places, options)
  const [, head] = /^ref: (refs\/heads\/\S+)\tHEAD$/m.exec(stdout) ?? []
  if (head) await runGit(['symbolic-ref', 'HEAD', head], options)
  return stderr
}

/**
 * Makes a mirror in a folder of its own and only then puts it where it belongs, so that a crash leaves nothing half.
 * What was there is replaced; what only it had (refs/headgate/*) is taken over as far as it can be read.
 */
export async function makeMirror(
  { mirror: folder, incoming, ...places }: MirrorPlaces,
  remote: Remote,
  whenMade: (made: string) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  await sweep(incoming, remote.id)
  const made = join(incoming, `${remote.id}.${randomUUID()}`)
  const old = `${made}.old`
  await mkdir(incoming, { recursive: true })
  try {
    await run(['init', '--quiet', '--bare', '--template=', '--initial-branch=main', '--', made])
    await fetchInto(made, remote, places, signal)
    await runGit([...fetching, '--end-of-options', folder, '+refs/headgate/*:refs/headgate/*'], {
      folder: made,
      environment: { GIT_ALLOW_PROTOCOL: 'file', GIT_CONFIG_GLOBAL: places.config },
    })
    await whenMade(made)
    await tidyMirror(made, signal)
    await rename(folder, old).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
    await rename(made, folder)
  } finally {
    for (const left of [made, old]) await rm(left, { recursive: true, force: true })
  }
}

async function run(args: readonly string[]): Promise<void> {
  const { code, stderr } = await runGit(args)
  if (code !== 0) throw new RemoteError(`git ${args[0]}: ${stderr.trim()}`, stderr)
}

/** What a process that died left behind. Only who has the mirror's lock may. */
async function sweep(incoming: string, id: string): Promise<void> {
  for (const name of await readdir(incoming).catch(() => []))
    if (name.startsWith(`${id}.`)) await rm(join(incoming, name), { recursive: true, force: true })
}
