/** A commit that only one of two histories has. */
export interface OwnCommit {
  sha: string
  side: 'left' | 'right'
  merge: boolean
}

/** Two names of one change: a commit and what it was picked from, or a commit and the id of its patch. */
export type Same = readonly [string, string]

/**
 * Which commits both histories have the change of, though not the commit. A change that one side made twice (made,
 * taken back, made again) and the other once is hidden once, at its oldest: what is left says how the sides differ.
 * By each of them a name that all that are the same change have.
 *
 * @param commits those that only one side has, newest first
 * @param echoes commits that end what another one began, as a resolved conflict: the two are one change
 */
export function sameChanges(
  commits: readonly OwnCommit[],
  same: readonly Same[],
  echoes: ReadonlySet<string> = new Set(),
): Map<string, string> {
  const groups = gather(same)
  const classes = new Map<string, { left: OwnCommit[]; right: OwnCommit[] }>()
  for (const commit of commits) {
    const name = groups.get(commit.sha)
    if (name === undefined) continue
    const found = classes.get(name) ?? { left: [], right: [] }
    found[commit.side].push(commit)
    classes.set(name, found)
  }
  const hidden = new Map<string, string>()
  for (const [name, { left, right }] of classes) {
    const [here, there] = [changesOf(left, echoes), changesOf(right, echoes)]
    const count = Math.min(here.length, there.length)
    if (count === 0) continue
    const ended = [...left, ...right].filter(({ sha }) => echoes.has(sha))
    for (const { sha } of [...here.slice(-count), ...there.slice(-count), ...ended]) hidden.set(sha, name)
  }
  return hidden
}

/** A merge says again what its commits say, and an echo what was begun: they count where they alone are the change. */
function changesOf(commits: readonly OwnCommit[], echoes: ReadonlySet<string>): readonly OwnCommit[] {
  const plain = commits.filter(({ merge }) => !merge)
  const own = plain.filter(({ sha }) => !echoes.has(sha))
  return [own, plain, commits].find((some) => some.length > 0) ?? []
}

/** Names by the name of their class. */
function gather(same: readonly Same[]): Map<string, string> {
  const above = new Map<string, string>()
  const top = (name: string): string => {
    let at = name
    for (let next = above.get(at); next !== undefined && next !== at; next = above.get(at)) at = next
    // The way is shortened, so that long chains are climbed once.
    for (let next = name; next !== at;) {
      const higher = above.get(next)!
      above.set(next, at)
      next = higher
    }
    return at
  }
  for (const [one, other] of same) {
    for (const name of [one, other]) if (!above.has(name)) above.set(name, name)
    above.set(top(one), top(other))
  }
  return new Map([...above.keys()].map((name) => [name, top(name)]))
}
