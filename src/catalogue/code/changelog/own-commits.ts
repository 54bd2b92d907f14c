import type { Mirror } from '#ground/git/mirrors.ts'
import { pathspecsOf } from '../pathspecs.ts'
import { commitFields, commitOf, type Commit } from '../read-commits.ts'
import { openRecordReader } from '../record-reader.ts'
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

/** How two commits lie to each other. */
export interface Lie {
  /** How many commits each has that the other has not, whatever they touch. */
  left: number
  right: number
  /** Where those grew from: commits that both have. More than one where lines ran beside each other and met. */
  fork: string[]
}

export async function readLie({ left, right }: Pair, reading: Omit<Reading, 'paths'>): Promise<Lie> {
  const lie: Lie = { left: 0, right: 0, fork: [] }
  const args = ['rev-list', '--left-right', '--boundary', `${left}...${right}`, '--']
  for await (const line of linesOf(args, reading)) {
    if (line.startsWith('<')) lie.left += 1
    else if (line.startsWith('>')) lie.right += 1
    else lie.fork.push(line.slice(1))
  }
  return lie
}

/** Commits, no merges, that touch the paths; undefined for all of them. */
export async function touching(
  revisions: readonly string[],
  reading: Reading,
): Promise<Set<string> | undefined> {
  const pathspecs = pathspecsOf(reading.paths)
  if (pathspecs.length === 0) return undefined
  const args = ['rev-list', '--full-history', '--no-merges', ...revisions, '--', ...pathspecs]
  return new Set(await Array.fromAsync(linesOf(args, reading)))
}

async function* linesOf(
  args: readonly string[],
  { mirror, signal }: Omit<Reading, 'paths'>,
): AsyncGenerator<string, void, undefined> {
  let rest = ''
  for await (const chunk of mirror.stream(args, signal ? { signal } : {})) {
    const lines = (rest + Buffer.from(chunk).toString('latin1')).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}

/** How much is held of what was read, so that it need not be read again: characters of messages, and commits. */
const mostHeld = { characters: 4_000_000, commits: 10_000 }

/** What two commits have that the other has not. */
export interface OwnHistory {
  /** Those that touch the paths, and merges, newest first. */
  commits: OwnCommit[]
  /** What says that it was picked from what. */
  picked: Same[]
  touched: Set<string> | undefined
  /** The commits themselves, children before parents, where they are few. */
  held: Record<OwnCommit['side'], Commit[]> | undefined
}

export async function readOwn({ left, right }: Pair, reading: Reading): Promise<OwnHistory> {
  const { mirror, signal } = reading
  const range = `${left}...${right}`
  const format = `--format=tformat:%m%x00${commitFields.join('%x00')}`
  const args = ['log', '--left-right', '--topo-order', ...plainLog, format, range, '--']
  const touched = await touching([range], reading)
  const commits: OwnCommit[] = []
  const picked: Same[] = []
  let held: OwnHistory['held'] = { left: [], right: [] }
  let characters = 0
  const reader = openRecordReader(1 + commitFields.length)
  for await (const chunk of mirror.stream(args, signal ? { signal } : {}))
    for (const [mark, ...fields] of reader.read(chunk)) {
      const commit = commitOf(fields)
      const { sha, subject, body } = commit
      const side = mark === '<' ? 'left' : 'right'
      const merge = commit.parents.length > 1
      held?.[side].push(commit)
      characters += subject.length + body.length
      if (characters > mostHeld.characters || commits.length > mostHeld.commits) held = undefined
      if (!merge && touched && !touched.has(sha)) continue
      commits.push({ sha, side, merge })
      for (const source of pickedFrom(body)) picked.push([sha, source])
    }
  return { commits, picked, touched, held }
}
