import type { Mirror } from '#ground/git/mirrors.ts'
import { listPicksOfCommits } from '#store/candidate-pick.ts'
import { listSamePatches } from '#store/commit-patch.ts'
import type { Db } from '#store/database.ts'
import { candidateRefs } from './candidate-refs.ts'
import { computePatches } from './changelog/find-same.ts'
import { pickedFrom } from './changelog/picked-from.ts'
import { readCommits, type Commit } from './read-commits.ts'

export interface EqualCommit {
  sha: string
  /** `pick`: it was picked here; `trailer`: one of them says so (`git cherry-pick -x`); `patch`: they change the same. */
  how: 'pick' | 'trailer' | 'patch'
}

interface Place {
  db: Db
  mirror: Mirror
  repository_id: string
}

const dayMs = 24 * 3600 * 1000
/** How many commits that touch the same file are looked at, and how many equal ones are told. */
const mostCompared = 2000
const mostEqual = 50

/**
 * Commits that are the change of this one (its full id) in another place: those that candidates have, and what it was
 * picked from. A pick keeps the day on which its change was made, so nothing older is looked at.
 */
export async function equalCommits(place: Place, sha: string): Promise<EqualCommit[]> {
  const [commit] = await readCommits(place.mirror, [sha])
  if (!commit) return []
  const found = new Map<string, EqualCommit['how']>()
  const add = (how: EqualCommit['how'], shas: Iterable<string>) => {
    for (const one of shas) if (one !== sha && !found.has(one)) found.set(one, how)
  }
  const sources = pickedFrom(commit.body)
  const picks = await pickedHere(place.db, [sha, ...sources])
  add('pick', picks)
  add('trailer', sources)
  const since = new Date(Math.max(0, Math.min(+commit.authored_at, +commit.committed_at) - dayMs))
  add('trailer', await saidPicked(place.mirror, [sha, ...sources, ...picks], since))
  add('patch', await samePatches(place, commit, since))
  return [...found].slice(0, mostEqual).map(([one, how]) => ({ sha: one, how }))
}

/** What was picked here from one of these, or is where one of them came from; and what that was picked to again. */
async function pickedHere(db: Db, shas: readonly string[]): Promise<string[]> {
  const first = (await listPicksOfCommits(db, shas)).flat()
  return first.length === 0 ? [] : (await listPicksOfCommits(db, first)).flat()
}

async function saidPicked(mirror: Mirror, shas: readonly string[], since: Date): Promise<string[]> {
  const wanted = [...new Set(shas)].slice(0, mostEqual)
  return list(mirror, [
    ...['log', '--fixed-strings', ...wanted.map((sha) => `--grep=(cherry picked from commit ${sha})`)],
    ...['--format=%H', `--max-count=${mostEqual}`, ...ofCandidates(since), '--'],
  ])
}

async function samePatches(place: Place, { sha }: Commit, since: Date): Promise<string[]> {
  const { db, mirror, repository_id } = place
  const changed = await list(
    mirror,
    ['diff-tree', '--root', '--no-commit-id', '--name-only', '--diff-merges=first-parent', '-r', '-z', sha],
    '\0',
  )
  // Whatever is the same change touches all of its files, so that one of them finds it. Names that are no UTF-8 cannot
  // be given to git again.
  const path = changed.find((one) => !one.includes('\uFFFD'))
  if (path === undefined) return []
  const args = ['rev-list', '--no-merges', '--full-history', `--max-count=${mostCompared}`]
  const beside = await list(mirror, [...args, ...ofCandidates(since), '--', `:(literal)${path}`])
  await computePatches(place, [sha, ...beside])
  return (await listSamePatches(db, repository_id, [sha])).map(({ commit_sha }) => commit_sha)
}

const ofCandidates = (since: Date) => [`--since=${since.toISOString()}`, `--glob=${candidateRefs}*`]

async function list(mirror: Mirror, args: readonly string[], end = '\n'): Promise<string[]> {
  const { code, stdout } = await mirror.git(args)
  return code === 0 ? stdout.split(end).filter(Boolean) : []
}
