import type { Mirror } from '#ground/git/mirrors.ts'
import { GitError, lastLines } from '#ground/git/run-git.ts'

const hex = /^[0-9a-f]{7,40}$/

/** Whether it can be a commit's id, in full or its beginning: 7 to 40 hexadecimal digits. */
export function isCommitText(text: string): boolean {
  return hex.test(text.toLowerCase())
}

/** Commits are never changed: what was found once is there. */
const known = new WeakMap<Mirror, Set<string>>()
const mostKnown = 20_000

/** The full id of a commit in the mirror; undefined where it has none, or several that begin so. */
export async function resolveCommit(mirror: Mirror, text: string): Promise<string | undefined> {
  const wanted = text.toLowerCase()
  if (!hex.test(wanted)) return undefined
  if (known.get(mirror)?.has(wanted)) return wanted
  const { stdout } = await mirror.git(['rev-parse', '--verify', '--quiet', `${wanted}^{commit}`])
  const found = stdout.trim()
  // A branch may be named like the beginning of an id, and a tag has an id that leads to a commit's.
  const sha = found.startsWith(wanted) ? found : await disambiguate(mirror, wanted)
  if (sha) remember(mirror, sha)
  return sha
}

function remember(mirror: Mirror, sha: string): void {
  const shas = known.get(mirror) ?? new Set()
  if (shas.size >= mostKnown) shas.clear()
  known.set(mirror, shas.add(sha))
}

async function disambiguate(mirror: Mirror, wanted: string): Promise<string | undefined> {
  if (wanted.length === 40) return undefined
  const { stdout: objects } = await mirror.git(['rev-parse', `--disambiguate=${wanted}`])
  if (objects === '') return undefined
  const { stdout } = await mirror.git(['cat-file', '--batch-check=%(objectname) %(objecttype)'], {
    input: objects,
  })
  const commits = stdout.split('\n').flatMap((line) => (line.endsWith(' commit') ? line.slice(0, 40) : []))
  return commits.length === 1 ? commits[0] : undefined
}

export interface Head {
  sha: string
  branch: string
}

/** Where a branch (null: the repository's default) stands in the mirror. Undefined where there is no such branch. */
export async function resolveHead(mirror: Mirror, branch: string | null): Promise<Head | undefined> {
  const ref = branch === null ? await defaultRef(mirror) : `refs/heads/${branch}`
  if (ref === undefined) return undefined
  const { code, stdout } = await mirror.git(['show-ref', '--verify', '--hash', '--', ref])
  return code === 0 ? { sha: stdout.trim(), branch: ref.slice('refs/heads/'.length) } : undefined
}

async function defaultRef(mirror: Mirror): Promise<string | undefined> {
  const { stdout } = await mirror.git(['symbolic-ref', '--quiet', 'HEAD'])
  const ref = stdout.trim()
  return ref.startsWith('refs/heads/') ? ref : undefined
}

/** Whether the one leads to the other, or is it. Both in full, and known to the mirror. Throws GitError. */
export async function isAncestor(mirror: Mirror, ancestor: string, descendant: string): Promise<boolean> {
  const { code, stderr } = await mirror.git([
    'merge-base',
    '--is-ancestor',
    '--end-of-options',
    ancestor,
    descendant,
  ])
  if (code > 1) throw new GitError('failed', `git merge-base: ${lastLines(stderr)}`)
  return code === 0
}
