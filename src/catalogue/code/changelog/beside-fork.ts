import { openRecordReader } from '../record-reader.ts'
import { plainLog } from './commit-log.ts'
import { findSame, type Histories } from './find-same.ts'
import { touching, type Pair } from './own-commits.ts'
import { pickedFrom } from './picked-from.ts'
import type { OwnCommit, Same } from './same-changes.ts'

/** Beyond these, what ran beside each other is not looked at: it would take longer than anybody waits. */
const most = { forks: 100, own: 5000, shared: 1000, same: 200 }

/**
 * Commits of one side whose change both have already, by a commit on a line that ran beside them and was merged since:
 * a release branch with picks that was merged back. What came after such a commit is no copy of it, but the change
 * made again.
 *
 * @param fork where the two grew from
 * @param seen commits that only one has and that are not hidden yet
 */
export async function besideFork(
  { left, right }: Pair,
  { fork, seen, picked }: { fork: readonly string[]; seen: readonly OwnCommit[]; picked: readonly Same[] },
  histories: Histories,
): Promise<string[]> {
  if (fork.length < 2 || fork.length > most.forks) return []
  if (seen.length === 0 || seen.length > most.own) return []
  const shared = await readShared(fork, histories)
  if (!shared) return []
  const hidden: string[] = []
  for (const [side, tip] of [
    ['left', left],
    ['right', right],
  ] as const) {
    const own = seen.filter((commit) => commit.side === side)
    const other = side === 'left' ? 'right' : 'left'
    const commits = [...own, ...shared.commits.map((commit) => ({ ...commit, side: other }) as const)]
    const same = await findSame(commits, [...picked, ...shared.picked], histories)
    const names = new Set(own.flatMap(({ sha }) => same.get(sha) ?? []))
    const copies = shared.commits.flatMap(({ sha }) => {
      const name = same.get(sha)
      return name !== undefined && names.has(name) ? [[sha, name] as const] : []
    })
    if (copies.length > most.same) continue
    const again = await madeAgain(copies, tip, histories)
    for (const { sha } of own) {
      const name = same.get(sha)
      if (name !== undefined && !again.get(name)?.has(sha)) hidden.push(sha)
    }
  }
  return hidden
}

/** What both have since the last commit that everything grew from; undefined where that is too much, or there is none. */
async function readShared(
  fork: readonly string[],
  histories: Histories,
): Promise<{ commits: Omit<OwnCommit, 'side'>[]; picked: Same[] } | undefined> {
  const { mirror, signal } = histories
  const ending = signal ? { signal } : {}
  const { code, stdout } = await mirror.git(['merge-base', '--octopus', ...fork], ending)
  const base = stdout.trim()
  if (code !== 0 || base === '') return undefined
  const range = [...fork, `^${base}`]
  const counted = await mirror.git(['rev-list', '--count', ...range, '--'], ending)
  const count = Number(counted.stdout)
  if (!(count > 0 && count <= most.shared)) return undefined
  const touched = await touching(range, histories)
  const commits: Omit<OwnCommit, 'side'>[] = []
  const picked: Same[] = []
  const reader = openRecordReader(3)
  const args = ['log', '--topo-order', ...plainLog, '--format=tformat:%H%x00%P%x00%b', ...range, '--']
  for await (const chunk of mirror.stream(args, ending))
    for (const [sha = '', parents = '', body = ''] of reader.read(chunk)) {
      const merge = parents.includes(' ')
      if (!merge && touched && !touched.has(sha)) continue
      commits.push({ sha, merge })
      for (const source of pickedFrom(body)) picked.push([sha, source])
    }
  return { commits, picked }
}

/** By the name of a change, what came after a commit of it. */
async function madeAgain(
  copies: readonly (readonly [sha: string, name: string])[],
  tip: string,
  { mirror, signal }: Histories,
): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>()
  for (const [sha, name] of copies) {
    const args = ['rev-list', `--ancestry-path=${sha}`, `${sha}..${tip}`, '--']
    const { stdout } = await mirror.git(args, signal ? { signal } : {})
    found.set(name, new Set([...(found.get(name) ?? []), ...stdout.split('\n')]))
  }
  return found
}
