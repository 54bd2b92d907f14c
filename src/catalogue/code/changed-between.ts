import type { Mirror } from '#ground/git/mirrors.ts'
import { GitError, lastLines } from '#ground/git/run-git.ts'
import { pathspecsOf } from './pathspecs.ts'

/**
 * Whether a commit that `to` has and `from` has not touches one of these paths (none: any). Without `from`: whether any
 * does. Both in full, and known to the mirror. Throws GitError.
 */
export async function changedBetween(
  mirror: Mirror,
  from: string | null,
  to: string,
  paths: readonly string[],
): Promise<boolean> {
  const range = from === null ? [to] : [to, `^${from}`]
  const { code, stdout, stderr } = await mirror.git([
    'rev-list',
    '--max-count=1',
    '--end-of-options',
    ...range,
    '--',
    ...pathspecsOf(paths),
  ])
  if (code !== 0) throw new GitError('failed', `git rev-list: ${lastLines(stderr)}`)
  return stdout.trim() !== ''
}
