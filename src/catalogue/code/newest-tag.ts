import type { Mirror } from '#ground/git/mirrors.ts'

export interface Tag {
  name: string
  /** In full. */
  commit_sha: string
}

/** The newest tag before a commit (its full id) that one of these patterns matches (`v*`); undefined for no patterns. */
export async function newestTag(
  mirror: Mirror,
  sha: string,
  patterns: readonly string[],
): Promise<Tag | undefined> {
  const matching = patterns
    .filter((pattern) => !pattern.includes('\u0000'))
    .map((pattern) => `--match=${pattern}`)
  if (matching.length === 0) return undefined
  // The first commit has no parent: there is nothing before it.
  const found = await mirror.git(['describe', '--tags', '--abbrev=0', ...matching, `${sha}^`])
  const name = found.stdout.trim()
  if (found.code !== 0 || name === '') return undefined
  const { stdout } = await mirror.git(['rev-parse', '--verify', '--quiet', `refs/tags/${name}^{commit}`])
  const commit_sha = stdout.trim()
  return commit_sha === '' ? undefined : { name, commit_sha }
}
