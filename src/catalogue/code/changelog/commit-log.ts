import type { Mirror } from '#ground/git/mirrors.ts'
import { commitFormat, parseCommits, type Commit } from '../read-commits.ts'

/** Beside a format: nothing that the machine's or a file's settings could add. */
export const plainLog = [
  '-z',
  '--encoding=UTF-8',
  '--no-show-signature',
  '--no-notes',
  '--no-mailmap',
] as const

/**
 * What `to` has and `without` has not (both in full), children before their parents and side branches together, at
 * the pace at which it is read.
 */
export function readLog(
  mirror: Mirror,
  { to, without, signal }: { to: string; without: string | null; signal?: AbortSignal | undefined },
): AsyncGenerator<Commit, void, undefined> {
  const range = without === null ? [to] : [to, `^${without}`]
  const args = ['log', '--topo-order', ...plainLog, commitFormat, '--end-of-options', ...range, '--']
  return parseCommits(mirror.stream(args, signal ? { signal } : {}))
}
