import type { Mirror } from '#ground/git/mirrors.ts'
import { GitError, lastLines } from '#ground/git/run-git.ts'

/** Where a mirror keeps the commits of candidates, by the candidate's uuid: git then knows who has what. */
export const candidateRefs = 'refs/headgate/candidates/'

export interface KeptCandidate {
  id: string
  commit_sha: string
}

/** How many names that lie in files of their own are put together into one. */
const packFrom = 64

/**
 * Sees to it that the mirror has names for these candidates' commits, so that they stay and can be asked for. Those
 * whose commit it does not have are passed over: whoever brings it back calls again.
 */
export async function keepCandidates(mirror: Mirror, candidates: readonly KeptCandidate[]): Promise<void> {
  const known = await readRefs(mirror)
  const missing = candidates.filter(({ id, commit_sha }) => known.get(id) !== commit_sha)
  if (missing.length === 0) return
  const present = await whichCommits(
    mirror,
    missing.map(({ commit_sha }) => commit_sha),
  )
  const lines = missing.flatMap(({ id, commit_sha }) =>
    present.has(commit_sha) ? `update ${candidateRefs}${id} ${commit_sha}\n` : [],
  )
  if (lines.length === 0) return
  const { code, stderr } = await mirror.git(['update-ref', '--stdin'], { input: lines.join('') })
  // Somebody else may be writing the same names at this moment.
  if (code !== 0 && !/File exists|cannot lock ref/.test(stderr))
    throw new GitError('failed', `git update-ref: ${lastLines(stderr)}`)
  // May fail where somebody else does it: it is for speed only.
  if (lines.length >= packFrom) await mirror.git(['pack-refs', '--all'])
}

/** The uuids of the candidates whose history has a commit; none where the mirror does not have it. */
export async function candidatesWith(mirror: Mirror, sha: string): Promise<Set<string>> {
  const args = ['for-each-ref', `--contains=${sha}`, '--format=%(refname)', candidateRefs]
  const { code, stdout } = await mirror.git(args)
  const names = code === 0 ? stdout.split('\n').filter(Boolean) : []
  return new Set(names.map((name) => name.slice(candidateRefs.length)))
}

async function readRefs(mirror: Mirror): Promise<Map<string, string>> {
  const { stdout } = await mirror.git(['for-each-ref', '--format=%(objectname) %(refname)', candidateRefs])
  const lines = stdout.split('\n').filter(Boolean)
  return new Map(lines.map((line) => [line.slice(41 + candidateRefs.length), line.slice(0, 40)]))
}

async function whichCommits(mirror: Mirror, shas: readonly string[]): Promise<Set<string>> {
  const input = `${shas.join('\n')}\n`
  const { stdout } = await mirror.git(['cat-file', '--batch-check=%(objectname) %(objecttype)'], { input })
  const found = stdout.split('\n').flatMap((line) => (line.endsWith(' commit') ? line.slice(0, 40) : []))
  return new Set(found)
}
