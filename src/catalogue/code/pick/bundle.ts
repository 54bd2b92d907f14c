import { mkdtemp, rm } from 'node:fs/promises'
import { createWriteStream } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Mirror } from '#ground/git/mirrors.ts'
import { tryGit } from './read-commit.ts'

/** Where a candidate's own commit is kept from being tidied away. */
export const candidateRef = (candidateId: string) => `refs/headgate/candidates/${candidateId}`
/** The same for what is in conflict, and no candidate yet. */
export const conflictRef = (candidateId: string) => `refs/headgate/conflicts/${candidateId}`

/** The same for what somebody made of it, and may not be taken. */
export const resolutionRef = (candidateId: string, commit: string) =>
  `refs/headgate/resolutions/${candidateId}-${commit}`

export async function setRef(mirror: Mirror, ref: string, commit: string): Promise<void> {
  await tryGit(mirror, ['update-ref', '--no-deref', '--', ref, commit])
}

/** What leads from `anchor`, which others have too, to the ref: all that is needed to have it again. */
export function readBundle(mirror: Mirror, ref: string, anchor: string): AsyncIterable<Uint8Array> {
  return mirror.stream(['-c', 'pack.threads=1', 'bundle', 'create', '--quiet', '-', ref, `^${anchor}`])
}

/** Brings the refs of a bundle back. Throws GitError where what it stands on is not there. */
export async function restoreBundle(mirror: Mirror, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const desk = await mkdtemp(join(tmpdir(), 'headgate-bundle-'))
  try {
    const file = join(desk, 'pick.bundle')
    await pipeline(Readable.from(bytes), createWriteStream(file, { mode: 0o600 }))
    const environment = { GIT_ALLOW_PROTOCOL: 'file' }
    const refs = '+refs/headgate/*:refs/headgate/*'
    await tryGit(mirror, ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--', file, refs], {
      environment,
    })
  } finally {
    await rm(desk, { recursive: true, force: true })
  }
}
