import type { Mirror } from '#ground/git/mirrors.ts'
import { GitError, lastLines } from '#ground/git/run-git.ts'
import { pathspecsOf } from '../pathspecs.ts'
import { openRecordReader } from '../record-reader.ts'
import { textOf } from '../text-of.ts'
import { plainLog } from './commit-log.ts'
import { pickedFrom } from './picked-from.ts'
import type { OwnCommit, Same } from './same-changes.ts'

/** Two commits of one repository, by their full ids. */
export interface Pair {
  left: string
  right: string
}

export interface Reading {
  mirror: Mirror
  /** As in a .gitignore: only what touches one of these counts. None: everything. */
  paths: readonly string[]
  signal?: AbortSignal | undefined
}

/** How many commits each has that the other has not. */
export async function countOwn(
  { left, right }: Pair,
  reading: Reading,
): Promise<{ left: number; right: number }> {
  const { mirror, signal } = reading
  const args = ['rev-list', '--left-right', '--count', '--full-history', `${left}...${right}`]
  const end = await mirror.git([...args, '--', ...pathspecsOf(reading.paths)], signal ? { signal } : {})
  const [, here, there] = /^([0-9]+)\s+([0-9]+)/.exec(end.stdout) ?? []
  if (end.code !== 0 || here === undefined)
    throw new GitError('failed', `git rev-list: ${lastLines(end.stderr)}`)
  return { left: Number(here), right: Number(there) }
}

/** Those that touch the paths; undefined for all of them. */
export async function touching(revisions: string, reading: Reading): Promise<Set<string> | undefined> {
  const { mirror, signal } = reading
  const pathspecs = pathspecsOf(reading.paths)
  if (pathspecs.length === 0) return undefined
  const found = new Set<string>()
  const args = ['rev-list', '--full-history', '--no-merges', revisions, '--', ...pathspecs]
  let rest = ''
  for await (const chunk of mirror.stream(args, signal ? { signal } : {})) {
    const lines = (rest + Buffer.from(chunk).toString('latin1')).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) found.add(line)
  }
  return found
}

/** What each has that the other has not and that touches the paths, newest first, and what was picked from what. */
export async function readOwn(
  { left, right }: Pair,
  reading: Reading,
): Promise<{ commits: OwnCommit[]; picked: Same[] }> {
  const { mirror, signal } = reading
  const range = `${left}...${right}`
  const touched = await touching(range, reading)
  const format = '--format=tformat:%m%H%x00%P%x00%b'
  const args = ['log', '--left-right', ...plainLog, format, range, '--']
  const commits: OwnCommit[] = []
  const picked: Same[] = []
  const reader = openRecordReader(3)
  for await (const chunk of mirror.stream(args, signal ? { signal } : {}))
    for (const [mark, parents, message] of reader.read(chunk) as Iterable<[Buffer, Buffer, Buffer]>) {
      const sha = mark.toString('latin1', 1)
      const merge = parents.includes(32)
      if (!merge && touched && !touched.has(sha)) continue
      commits.push({ sha, side: mark[0] === 0x3c ? 'left' : 'right', merge })
      if (message.includes('(cherry picked from commit '))
        for (const source of pickedFrom(textOf(message))) picked.push([sha, source])
    }
  return { commits, picked }
}
