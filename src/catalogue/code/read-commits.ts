import type { Mirror } from '#ground/git/mirrors.ts'
import { openRecordReader } from './record-reader.ts'

export interface Commit {
  sha: string
  /** In full; the first is the one that it was merged into. */
  parents: string[]
  author: { name: string; email: string }
  authored_at: Date
  committed_at: Date
  /** The first paragraph, in one line. */
  subject: string
  /** What comes after it. */
  body: string
}

/** What `git log` is to say of a commit, field by field, for `commitOf`. */
export const commitFields = ['%H', '%P', '%an', '%ae', '%at', '%ct', '%s', '%b'] as const
/** The same for `git log -z` and `parseCommits`. */
export const commitFormat = `--format=tformat:${commitFields.join('%x00')}`

/** Those of these commits (full ids) that the mirror has, in the order in which they are given. */
export async function readCommits(mirror: Mirror, shas: readonly string[]): Promise<Commit[]> {
  if (shas.length === 0) return []
  const args = ['log', '-z', '--no-walk=unsorted', '--ignore-missing', commitFormat, '--stdin']
  const commits: Commit[] = []
  for await (const commit of parseCommits(mirror.stream(args, { input: `${shas.join('\n')}\n` })))
    commits.push(commit)
  return commits
}

/** Commits as they come out of a `git log -z` with `commitFormat`; at no time more than a few are held. */
export async function* parseCommits(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Commit, void, undefined> {
  const reader = openRecordReader(commitFields.length)
  for await (const chunk of source) for (const record of reader.read(chunk)) yield commitOf(record)
}

export function commitOf(parts: readonly string[]): Commit {
  const [sha = '', parents = '', name = '', email = '', authored, committed, subject = '', body = ''] = parts
  return {
    sha,
    parents: parents === '' ? [] : parents.split(' '),
    author: { name, email },
    authored_at: timeOf(authored),
    committed_at: timeOf(committed),
    subject,
    body: body.trimEnd(),
  }
}

const latest = Date.UTC(9999, 0)

/** A commit may say any number at all. */
function timeOf(seconds: string | undefined): Date {
  const ms = Number(seconds) * 1000
  return new Date(Number.isFinite(ms) ? Math.min(Math.max(ms, 0), latest) : 0)
}
