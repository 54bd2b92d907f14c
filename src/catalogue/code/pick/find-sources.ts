import type { Mirror } from '#ground/git/mirrors.ts'
import { parseCommits, commitFormat, readCommits, type Commit } from '../read-commits.ts'
import { pullRequestOf } from '../pull-request-of.ts'
import { tryGit } from './read-commit.ts'

/** A commit that is to be picked. */
export interface Source {
  /** In full. */
  sha: string
  pull_request: number | null
  title: string
}

/** More than this at once is a release of its own. */
export const mostSources = 100

/** These commits (full ids) as what is to be picked, in their order. */
export async function sourcesOf(mirror: Mirror, shas: readonly string[]): Promise<Source[]> {
  return (await readCommits(mirror, shas)).map((commit) => sourceOf(commit))
}

function sourceOf({ sha, subject, body }: Commit, asked?: number): Source {
  const found = pullRequestOf(`${subject}\n\n${body}`)
  const number = asked ?? found?.number ?? null
  return { sha, pull_request: number, title: found && found.number === number ? found.title : subject }
}

/** Oldest first, what leads from the one (left out) to the other by first parents. One more than allowed at most. */
export async function listRange(mirror: Mirror, since: string, until: string): Promise<string[]> {
  const args = ['rev-list', '--first-parent', `--max-count=${mostSources + 1}`, until, `^${since}`]
  return linesOf(await tryGit(mirror, args)).toReversed()
}

/**
 * The commits of a pull request, oldest first: those by which it came into the history of `head`, or where it did not
 * yet, its own. None where nothing is known of it.
 */
export async function findPullRequest(mirror: Mirror, head: string, number: number): Promise<Source[]> {
  const merged = await findMerged(mirror, head, number)
  if (merged.length > 0) return merged.map((commit) => sourceOf(commit, number))
  for (const ref of [`refs/pull/${number}/head`, `refs/merge-requests/${number}/head`]) {
    const { code, stdout } = await mirror.git(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`])
    if (code !== 0) continue
    const listed = await tryGit(mirror, [
      'rev-list',
      '--no-merges',
      `--max-count=${mostSources + 1}`,
      stdout.trim(),
      `^${head}`,
    ])
    const commits = await readCommits(mirror, linesOf(listed).toReversed())
    if (commits.length > 0) return commits.map((commit) => sourceOf(commit, number))
  }
  return []
}

/** The newest that says it, and what it stands on as far as that says it too: a pull request that was rebased. */
async function findMerged(mirror: Mirror, head: string, number: number): Promise<Commit[]> {
  const found: Commit[] = []
  const args = [
    'log',
    '-z',
    '--first-parent',
    `--max-count=${mostSources + 1}`,
    '--extended-regexp',
    `--grep=[#!]${number}([^0-9]|$)|PR ${number}:`,
  ]
  for await (const commit of parseCommits(mirror.stream([...args, commitFormat, head, '--']))) {
    if (pullRequestOf(`${commit.subject}\n\n${commit.body}`)?.number !== number) continue
    const above = found[0]
    if (above && above.parents[0] !== commit.sha) break
    found.unshift(commit)
  }
  return found
}

const linesOf = (bytes: Buffer) => bytes.toString('latin1').split('\n').filter(Boolean)
