import type { Mirror } from '#ground/git/mirrors.ts'
import { pathspecsOf } from './pathspecs.ts'
import { commitFormat, parseCommits, type Commit } from './read-commits.ts'

export interface CommitSearch {
  /** In full, and known to the mirror. */
  from: string
  /** How many of its history were read before. */
  skip: number
  /** Only those that touch one of these; none: any. */
  paths: readonly string[]
  /** Part of the message, or of the author's name or address. */
  q?: string | undefined
  limit: number
}

export interface CommitPage {
  commits: Commit[]
  /** How many were read by now; undefined where there are no more. */
  read: number | undefined
}

/** What one page looks through at most, where it searches. */
const mostRead = 20_000

/** A page of the history of a commit, newest first, read from git as it comes: no log is held. */
export async function listCommits(mirror: Mirror, search: CommitSearch): Promise<CommitPage> {
  const { from, skip, paths, limit } = search
  const most = search.q === undefined ? limit + 1 : mostRead
  const args = [
    'log',
    '-z',
    commitFormat,
    `--skip=${skip}`,
    `--max-count=${most}`,
    '--end-of-options',
    from,
    '--',
  ]
  const wanted = search.q?.toLowerCase()
  const commits: Commit[] = []
  let read = 0
  for await (const commit of parseCommits(mirror.stream([...args, ...pathspecsOf(paths)]))) {
    // One more than there is room for: there is a next page.
    if (commits.length === limit) return { commits, read: skip + read }
    read += 1
    if (wanted === undefined || says(commit, wanted)) commits.push(commit)
  }
  return { commits, read: read === most ? skip + read : undefined }
}

function says({ subject, body, author }: Commit, wanted: string): boolean {
  return [subject, body, author.name, author.email].some((text) => text.toLowerCase().includes(wanted))
}
