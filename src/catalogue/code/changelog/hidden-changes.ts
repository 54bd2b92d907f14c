import { besideFork } from './beside-fork.ts'
import { findSame, type Histories } from './find-same.ts'
import { readLie, readOwn, type OwnHistory, type Pair } from './own-commits.ts'

export interface Comparison {
  /** Commits of either that the other has the change of. */
  hidden: ReadonlySet<string>
  /** Whether there is anything to read on that side. */
  left: boolean
  right: boolean
  /** What was read for it. */
  read?: Pick<OwnHistory, 'touched' | 'held'>
}

/**
 * Compares what two commits have that the other has not. Patches are computed only where a change can be there twice:
 * where both have something of their own, or lines ran beside each other and met; and once for each commit.
 */
export async function hiddenChanges(pair: Pair, histories: Histories): Promise<Comparison> {
  const { left, right, fork } = await readLie(pair, histories)
  const sides = { left: left > 0, right: right > 0 }
  if (left + right === 0 || (!(left && right) && fork.length < 2)) return { ...sides, hidden: new Set() }
  const { commits, picked, ...read } = await readOwn(pair, histories)
  const own = commits.length > 0 ? await findSame(commits, picked, histories) : new Map<string, string>()
  const seen = commits.filter(({ sha }) => !own.has(sha))
  const beside = await besideFork(pair, { fork, seen, picked }, histories)
  return { ...sides, hidden: new Set([...own.keys(), ...beside]), read }
}
